import Crypto
import Foundation
import GuardianCore

/// An owner's secret: 32 random bytes, from which all private keys of the owner are derived. Only the owner keeps it;
/// it is never on the edge, on the node or in a log. It prints as `…`, and its memory is wiped with the last copy.
public struct OwnerSecret: Sendable {
    /// Bytes of a secret.
    public static let size = 32

    let key: SymmetricKey

    /// Generates a secret from the system's random numbers.
    public init() { key = SymmetricKey(size: .bits256) }

    /// `nil` unless there are exactly 32 bytes.
    public init?(bytes: some ContiguousBytes) {
        key = SymmetricKey(data: bytes)
        guard key.bitCount == Self.size * 8 else { return nil }
    }

    /// Calls `body` with the bytes. `body` must wipe the copies that it makes.
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
