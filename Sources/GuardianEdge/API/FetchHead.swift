import GuardianCore
import GuardianWire

/// The beginning of the node's answer to a request for a sealed file, checked: it becomes headers of the edge's own answer.
package struct FetchHead: Sendable, Hashable {
    /// Bytes of the whole file.
    package var size: Int64
    /// A strong entity tag with its quotes; `nil` while the file grows.
    package var etag: String?

    /// - Throws: `internal` when the size is impossible, or the tag is none (RFC 9110, 8.8.3).
    package init(_ wire: Guardian_V1_FetchReply) throws {
        guard let size = Plausible.fileSize.checked(wire.size) else {
            throw GuardianError(.internal, "The node sent an impossible size.")
        }
        self.size = size
        guard !wire.etag.isEmpty else { return }
        guard (3...200).contains(wire.etag.utf8.count), wire.etag.hasPrefix("\""), wire.etag.hasSuffix("\""),
            wire.etag.utf8.dropFirst().dropLast().allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x22 })
        else { throw GuardianError(.internal, "The node sent an impossible entity tag.") }
        etag = wire.etag
    }
}
