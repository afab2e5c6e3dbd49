import Foundation

/// Values that a peer might send to break the code that reads them: the ends of each type, numbers beside powers of two, and
/// random ones. The same seed gives the same values.
public struct HostileInput: RandomNumberGenerator {
    private var state: UInt64

    /// How many inputs each fuzzed parser gets: `GUARDIAN_FUZZ_INPUTS`, or `fallback`.
    public static func count(_ fallback: Int = 5_000) -> Int {
        ProcessInfo.processInfo.environment["GUARDIAN_FUZZ_INPUTS"].flatMap { Int($0) } ?? fallback
    }

    public init(seed: UInt64) { state = seed }

    /// SplitMix64 (https://prng.di.unimi.it/splitmix64.c).
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    public mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &self) == 0 }

    /// Any integer of a type, more often one at an end, beside a power of two, or small.
    public mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) -> Value {
        switch Int.random(in: 0..<8, using: &self) {
        case 0: return [Value.min, .max, .min &+ 1, .max &- 1].randomElement(using: &self) ?? 0
        case 1, 2:
            let power = Value(1) << Value(truncatingIfNeeded: Int.random(in: 0..<Value.bitWidth, using: &self))
            return power &+ Value(truncatingIfNeeded: Int.random(in: -1...1, using: &self))
        case 3, 4, 5: return Value(truncatingIfNeeded: Int.random(in: 0..<100_000, using: &self))
        case 6: return 0 &- Value(truncatingIfNeeded: Int.random(in: 0..<100_000, using: &self))
        default: return Value(truncatingIfNeeded: next())
        }
    }

    /// Any double, more often one that a check may forget.
    public mutating func double() -> Double {
        switch Int.random(in: 0..<6, using: &self) {
        case 0: [.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -0.0].randomElement(using: &self) ?? 0
        case 1: Double(bitPattern: next())
        case 2: Double(integer(Int64.self))
        default: Double.random(in: -0.2...1.2, using: &self)
        }
    }

    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// One of the texts, or one that is none of them.
    public mutating func text(_ known: [String]) -> String {
        guard chance(4) else { return known.randomElement(using: &self) ?? "" }
        return switch Int.random(in: 0..<4, using: &self) {
        case 0: ""
        case 1: String(repeating: "ü", count: Int.random(in: 0..<3_000, using: &self))
        case 2: String(decoding: bytes(Int.random(in: 0..<80, using: &self)), as: UTF8.self)
        default: "a\r\nb: \u{0}\u{7F}\u{85}"
        }
    }

    /// Makes one to four changes to bytes: other bits and bytes, ranges removed, doubled or inserted, the end cut off.
    public mutating func changed(_ genuine: [UInt8]) -> [UInt8] {
        var bytes = genuine
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            guard !bytes.isEmpty else { return self.bytes(Int.random(in: 0..<40, using: &self)) }
            let place = Int.random(in: 0..<bytes.count, using: &self)
            let end = min(bytes.count, place + Int.random(in: 0..<20, using: &self))
            switch Int.random(in: 0..<7, using: &self) {
            case 0, 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            case 2: bytes[place] = [0, 0x7F, 0x80, 0xFF].randomElement(using: &self) ?? 0
            case 3: bytes.removeSubrange(place..<end)
            case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 5: bytes.insert(contentsOf: self.bytes(Int.random(in: 1..<10, using: &self)), at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }
}
