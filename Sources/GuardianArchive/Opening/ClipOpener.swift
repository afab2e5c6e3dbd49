import Crypto
import Foundation
import GuardianCore

/// Opens sealed clips with an owner's keys. Checks go in the order of the format: first bytes, header, signature,
/// recipients, own key, the recipients' code, body.
public struct ClipOpener: Sendable {
    /// What the caller knows of the clip already. What is `nil` is not compared.
    public struct Expectation: Hashable, Sendable {
        /// The device's Ed25519 key. Without it a clip proves no more than that some device signed its header.
        public var deviceKey: [UInt8]?
        /// The clip's id, or the event's for a snapshot.
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

    /// Checks everything before the body and takes the clip key out.
    ///
    /// - Throws: what `OpeningRefusal.error` says, with the refusal as its cause; the source's own errors.
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

    /// Opens a whole clip into `sink`, block by block in constant memory. A refusal is a result, not an error: what the
    /// sink got before it was checked, but is no clip unless the caller salvages.
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

    /// Everything before the first segment, as far as it is there.
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

    /// The stanzas with our key ids, X-Wing first; the first key that the header's hash fits wins. Without any, all are
    /// tried: one that opens shows that the file is damaged, none that the code is another's.
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
        var isNamed = false
        for kem in [RecipientKEM.xWing, .x25519] {
            for stanza in prefix.recipients where stanza.kem == kem && stanza.keyID == keys.recipient(kem).keyID {
                isNamed = true
                if let key = open(stanza, kem), key.hash == prefix.header.clipKeyHash { return (key, kem) }
            }
        }
        if isNamed { throw .damagedKey }
        let opens = prefix.recipients.contains { stanza in
            stanza.kem.map { open(stanza, $0) != nil } ?? false
        }
        throw opens ? .damagedKey : .wrongCode
    }
}
