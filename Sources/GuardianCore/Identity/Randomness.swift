/// The source of random bytes for secrets, salts, nonces and identifiers. Tests replace it.
public struct Randomness: Sendable {
    private let fill: @Sendable (Int) -> [UInt8]

    /// - Parameter fill: returns as many random bytes as it is asked for.
    public init(_ fill: @escaping @Sendable (Int) -> [UInt8]) { self.fill = fill }

    /// The kernel's generator (getrandom(2)), which is made for cryptography.
    public static let system = Randomness { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    package func bytes(_ count: Int) -> [UInt8] { fill(count) }

    /// Returns a new UUIDv7.
    package func identifier<Kind>(at time: Timestamp) -> Identifier<Kind> {
        var generator = generator
        return .v7(at: time, using: &generator)
    }

    /// The same, as Swift's functions take it.
    package var generator: Generator { Generator(randomness: self) }

    package struct Generator: RandomNumberGenerator {
        fileprivate let randomness: Randomness
        package mutating func next() -> UInt64 { randomness.bytes(8).reduce(0) { $0 << 8 | UInt64($1) } }
    }
}
