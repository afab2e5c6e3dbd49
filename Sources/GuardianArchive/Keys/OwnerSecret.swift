import Crypto
import Foundation
import GuardianCore

/// What opens an owner's clips: 32 random bytes, from which every private key of theirs follows. It lives with the
/// owner, never on the edge, on the node or in a log; it prints as `…`, and its memory is wiped with the last copy.
public struct OwnerSecret: Sendable {
    /// Bytes of a secret.
    public static let size = 32

    let key: SymmetricKey

    /// A new one from the system's random numbers.
    public init() { key = SymmetricKey(size: .bits256) }

    /// `nil` unless there are exactly 32 bytes.
    public init?(bytes: some ContiguousBytes) {
        key = SymmetricKey(data: bytes)
        guard key.bitCount == Self.size * 8 else { return nil }
    }

    /// Lends the bytes for one call; what the call copies, it wipes itself.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try key.withUnsafeBytes(body)
    }
}

extension OwnerSecret: Equatable {
    /// In constant time.
    public static func == (left: OwnerSecret, right: OwnerSecret) -> Bool { left.key == right.key }
}

extension OwnerSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "…" }
    public var debugDescription: String { "…" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
