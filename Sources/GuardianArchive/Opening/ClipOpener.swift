import Crypto
import Foundation
import GuardianCore

/// Opens sealed clips with an owner's keys. Checks run in the order of the format: magic bytes, header, signature,
/// recipients, the owner's stanza, the MAC over the recipients, body.
public struct ClipOpener: Sendable {
    /// What the caller already knows about the clip. A value that is `nil` is not compared.
    public struct Expectation: Hashable, Sendable {
        /// The device's Ed25519 key. Without it, opening proves only that some device signed the header.
        public var deviceKey: [UInt8]?
        /// The clip's id; for a snapshot, the event's id.
        public var subject: UUID?
        public var part: Int?

        public init(deviceKey: [UInt8]? = nil, subject: UUID? = nil, part: Int? = nil) {
            self.deviceKey = deviceKey
            self.subject = subject
            self.part = part
        }

        func check(_ header: SealedHeader) throws(OpeningRefusal) {
            if let deviceKey, deviceKey != header.deviceKey { throw .otherDevice }
            if let subject, subject != header.subject { throw .otherClip }
            if let part, part != header.part { throw .otherClip }
        }
    }

    private let keys: OwnerKeys
    private let expectation: Expectation

    public init(_ keys: OwnerKeys, expecting expectation: Expectation = Expectation()) {
        self.keys = keys
        self.expectation = expectation
    }

    /// Checks everything before the body and decrypts the clip key.
    ///
    /// - Throws: `OpeningRefusal.error`, with the refusal as its cause; the source's own errors.
    public func open(_ source: SealedSource) async throws -> OpenedClip {
        let bytes = try await Self.prefixBytes(of: source)
        do throws(OpeningRefusal) {
            let prefix = try SealedPrefix.parse(bytes)
            try expectation.check(prefix.header)
            let (clipKey, kem) = try clipKey(in: prefix)
            guard clipKey.isMAC(prefix.mac, of: prefix.authenticated) else { throw .recipientsChanged }
            let bodyHeader = bytes.dropFirst(prefix.bodyOffset).prefix(SealedFormat.bodyHeaderSize)
            guard bodyHeader.count == SealedFormat.bodyHeaderSize,
                bodyHeader.first == UInt8(SealedFormat.bodyHeaderSize)
            else { throw .body }
            return OpenedClip(
                prefix: prefix, openedBy: kem, source: source, clipKey: clipKey,
                bodyHeader: Array(bodyHeader))
        } catch {
            throw error.error
        }
    }

    /// Decrypts a whole clip into `sink`, block by block in constant memory. A refusal is returned, not thrown. The
    /// bytes that the sink received before a refusal were verified, but they are not a complete clip: keep them only
    /// when salvaging.
    public nonisolated(nonsending) func open(
        _ source: SealedSource, salvaging: Bool = false, into sink: ([UInt8]) async throws -> Void
    ) async throws -> OpeningResult {
        let clip: OpenedClip
        do { clip = try await open(source) } catch let error as GuardianError {
            guard let refusal = error.refusal else { throw error }
            return OpeningResult(outcome: .refused(refusal))
        }
        return try await clip.stream(salvaging: salvaging, into: sink)
    }

    /// Reads everything before the first segment; less when the source ends earlier.
    static func prefixBytes(of source: SealedSource) async throws -> [UInt8] {
        var bytes = try await source.read(0, 4096)
        while true {
            let wanted = SealedPrefix.wanted(after: bytes) + SealedFormat.bodyHeaderSize
            guard bytes.count < wanted else { return bytes }
            let more = try await source.read(Int64(bytes.count), wanted - bytes.count)
            guard !more.isEmpty else { return bytes }
            bytes += more
        }
    }

    /// Tries the stanzas with the owner's key ids, X-Wing first, and returns the first key that matches the hash in the
    /// header. When no stanza has these ids, all are tried: if one opens, the file is damaged; if none does, the clip
    /// is sealed to another owner.
    private func clipKey(in prefix: SealedPrefix) throws(OpeningRefusal) -> (ClipKey, RecipientKEM) {
        let info = RecipientStanza.info(prefix.bind)
        func open(_ stanza: RecipientStanza, _ kem: RecipientKEM) -> ClipKey? {
            guard
                var bytes = keys.open(
                    stanza.sealedKey, encapsulation: stanza.encapsulation, kem: kem, info: info)
            else { return nil }
            defer { bytes.resetBytes(in: bytes.startIndex..<bytes.endIndex) }
            return ClipKey(bytes: bytes)
        }
        var hasOwnStanza = false
        for kem in [RecipientKEM.xWing, .x25519] {
            for stanza in prefix.recipients where stanza.kem == kem && stanza.keyID == keys.recipient(kem).keyID {
                hasOwnStanza = true
                if let key = open(stanza, kem), key.hash == prefix.header.clipKeyHash { return (key, kem) }
            }
        }
        if hasOwnStanza { throw .damagedKey }
        let opens = prefix.recipients.contains { stanza in
            stanza.kem.map { open(stanza, $0) != nil } ?? false
        }
        throw opens ? .damagedKey : .wrongCode
    }
}
