import Crypto
import GuardianCore

/// Everything before the body of a sealed clip: signed header, recipients, and the MAC over both.
public struct SealedPrefix: Sendable {
    public let header: SealedHeader
    /// SHA-256 of the header and its signature. The recipients' stanzas, the body, checkpoints and the next part are
    /// bound to it.
    public let bind: Hash256
    public let recipients: [RecipientStanza]
    /// The bytes of the prefix only.
    public let bytes: [UInt8]
    /// The range of the recipients' bytes: their length, their JSON and the MAC. `reseal` changes only these; hashes of
    /// a clip exclude them.
    public let recipientsRange: Range<Int>

    /// Where the body begins in the file.
    public var bodyOffset: Int { bytes.count }

    /// Whether the clip is safe from quantum computers: false with any recipient that is not of kind X-Wing.
    public var isPostQuantum: Bool { recipients.allSatisfy { $0.kem == .xWing } }

    /// The bytes that the MAC covers.
    var authenticated: ArraySlice<UInt8> { bytes[..<(bytes.count - SealedFormat.macSize)] }
    var mac: [UInt8] { Array(bytes[(bytes.count - SealedFormat.macSize)...]) }

    /// Parses and checks everything that needs no key: encoding, header, the device's signature, recipients. Bytes
    /// after the prefix are ignored.
    ///
    /// - Throws: `OpeningRefusal.error`: `invalidArgument` when it is not a sealed clip, else `dataLoss`.
    public init(parsing bytes: [UInt8]) throws {
        do throws(OpeningRefusal) { self = try Self.parse(bytes) } catch { throw error.error }
    }

    /// Makes the checks in the order of the format.
    static func parse(_ bytes: [UInt8]) throws(OpeningRefusal) -> SealedPrefix {
        guard bytes.starts(with: SealedFormat.magic) else { throw .notASealedClip }
        guard let headerSize = bytes.bigEndian(at: 8, as: UInt32.self).map({ Int($0) }),
            headerSize <= SealedFormat.headerLimit, bytes.count >= 12 + headerSize,
            let header = SealedHeader(json: bytes[12..<12 + headerSize])
        else { throw .header }
        let signed = 12 + headerSize
        let bound = signed + SealedFormat.signatureSize
        guard bytes.count >= bound,
            DeviceSigner.verifies(
                Array(bytes[signed..<bound]), of: bytes[..<signed], by: header.deviceKey, domain: .header)
        else { throw .signature }
        guard let recipientsSize = bytes.bigEndian(at: bound, as: UInt32.self).map({ Int($0) }),
            recipientsSize <= SealedFormat.recipientsLimit, bytes.count >= bound + 4 + recipientsSize,
            let recipients = [RecipientStanza](json: bytes[bound + 4..<bound + 4 + recipientsSize])
        else { throw .recipients }
        let end = bound + 4 + recipientsSize + SealedFormat.macSize
        guard bytes.count >= end else { throw .recipientsChanged }
        return SealedPrefix(
            header: header, bind: .sha256(bytes[..<bound]), recipients: recipients, bytes: Array(bytes[..<end]),
            recipientsRange: bound..<end)
    }

    /// Returns how many bytes are needed to continue, given the first ones: the whole prefix once both of its lengths
    /// are known.
    static func wanted(after bytes: [UInt8]) -> Int {
        guard let headerSize = bytes.bigEndian(at: 8, as: UInt32.self).map({ Int($0) }) else { return 12 }
        guard headerSize <= SealedFormat.headerLimit else { return 12 }
        let bound = 12 + headerSize + SealedFormat.signatureSize
        guard let recipientsSize = bytes.bigEndian(at: bound, as: UInt32.self).map({ Int($0) }) else {
            return bound + 4
        }
        guard recipientsSize <= SealedFormat.recipientsLimit else { return bound + 4 }
        return bound + 4 + recipientsSize + SealedFormat.macSize
    }

    private init(
        header: SealedHeader, bind: Hash256, recipients: [RecipientStanza], bytes: [UInt8], recipientsRange: Range<Int>
    ) {
        self.header = header
        self.bind = bind
        self.recipients = recipients
        self.bytes = bytes
        self.recipientsRange = recipientsRange
    }
}

extension SealedPrefix {
    /// Builds a prefix: signs the header and seals the clip key to each recipient.
    init(_ header: SealedHeader, clipKey: ClipKey, to recipients: [Recipient], signer: DeviceSigner) throws {
        guard (1...SealedFormat.recipientLimit).contains(recipients.count),
            Set(recipients.map(\.keyID)).count == recipients.count
        else {
            throw GuardianError(
                .invalidArgument,
                "A clip is sealed to 1 to \(SealedFormat.recipientLimit) recipients, each once; these are \(recipients.count)."
            )
        }
        var bytes = SealedFormat.magic
        let json = header.json
        guard json.count <= SealedFormat.headerLimit else {
            throw GuardianError(.invalidArgument, "The header of a sealed clip would be too long.")
        }
        bytes.append(bigEndian: UInt32(json.count))
        bytes += json
        bytes += try signer.signature(of: bytes, domain: .header)
        let bind = Hash256.sha256(bytes[...])
        let stanzas = try recipients.map { try RecipientStanza(clipKey, to: $0, bind: bind) }
        self.init(header, bound: bytes, bind: bind, stanzas: stanzas, clipKey: clipKey)
    }

    /// Builds a prefix from a signed header and these recipients.
    init(_ header: SealedHeader, bound: [UInt8], bind: Hash256, stanzas: [RecipientStanza], clipKey: ClipKey) {
        var bytes = bound
        let json = stanzas.json
        bytes.append(bigEndian: UInt32(json.count))
        bytes += json
        bytes += clipKey.mac(of: bytes)
        self.init(
            header: header, bind: bind, recipients: stanzas, bytes: bytes,
            recipientsRange: bound.count..<bytes.count)
    }
}

extension Hash256 {
    /// Returns the SHA-256 of the bytes.
    static func sha256(_ bytes: ArraySlice<UInt8>) -> Hash256 { Hash256(digest: SHA256.hash(data: bytes)) }
}
