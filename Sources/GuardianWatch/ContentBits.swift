import Foundation
import GuardianCore
import GuardianVision

/// Random bits that are derived from a file's content, so that the same file gets the same identifiers on every run.
struct ContentBits: RandomNumberGenerator {
    private var state: UInt64

    init(_ content: Hash256, purpose: String) {
        // FNV-1a over both; the bits need no cryptographic strength.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in content.bytes + Array(purpose.utf8) { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01b3 }
        state = hash
    }

    /// SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
