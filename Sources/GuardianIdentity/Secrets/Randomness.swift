import GuardianCore

/// The source of random bytes for secrets, salts and identifiers. Tests replace it.
public struct Randomness: Sendable {
    private let fill: @Sendable (Int) -> [UInt8]

    /// - Parameter fill: returns as many random bytes as it is asked for.
    public init(_ fill: @escaping @Sendable (Int) -> [UInt8]) { self.fill = fill }

    /// The kernel's generator (getrandom(2)), which is made for cryptography.
    public static let system = Randomness { count in
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    func bytes(_ count: Int) -> [UInt8] { fill(count) }

    /// Returns a new UUIDv7.
    func identifier<Kind>(at time: Timestamp) -> Identifier<Kind> {
        var generator = Generator(randomness: self)
        return .v7(at: time, using: &generator)
    }

    private struct Generator: RandomNumberGenerator {
        let randomness: Randomness
        mutating func next() -> UInt64 { randomness.bytes(8).reduce(0) { $0 << 8 | UInt64($1) } }
    }
}
