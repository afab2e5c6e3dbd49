import Crypto
import GuardianCore

/// Holds a sealed file against what others say of it: the journal's record, the newest checkpoint, the device's key.
/// Everything is optional; what is missing leaves a question open instead of failing.
public struct ClipVerifier: Sendable {
    /// What the journal's `clip sealed` says of this part.
    public var record: SealedRecord?
    public var checkpoint: Checkpoint?
    /// SHA-256 of each picture that the journal names for the event, when it is a picture that is looked at.
    public var pictures: Set<Hash256> = []
    /// The device's Ed25519 key, from its journal or certificate: never from the file itself.
    public var deviceKey: [UInt8]?
    /// Only who can open the clip can look at the picture's own hashes.
    public var keys: OwnerKeys?

    public init(
        record: SealedRecord? = nil, checkpoint: Checkpoint? = nil, deviceKey: [UInt8]? = nil, keys: OwnerKeys? = nil
    ) {
        self.record = record
        self.checkpoint = checkpoint
        self.deviceKey = deviceKey
        self.keys = keys
    }

    /// - Throws: the source's errors, cancellation. What is wrong with the file is a finding.
    public func verify(_ source: SealedSource) async throws -> ClipProof {
        var proof = ClipProof()
        let prefix: SealedPrefix
        let bytes = try await ClipOpener.prefixBytes(of: source)
        do throws(OpeningRefusal) { prefix = try SealedPrefix.parse(bytes) } catch {
            proof.add(.refuted, error.sentence)
            return proof
        }
        checkDevice(prefix, &proof)
        try await checkRecord(prefix, source, &proof)
        let isSpokenFor = checkCheckpoint(prefix, source, &proof)
        try await checkPicture(source, isSpokenFor: isSpokenFor, &proof)
        return proof
    }

    private func checkDevice(_ prefix: SealedPrefix, _ proof: inout ClipProof) {
        guard let deviceKey else {
            proof.add(.open, "Some device signed the header; whose it is cannot be told without the device's key.")
            return
        }
        proof.add(
            deviceKey == prefix.header.deviceKey,
            "The device signed the header: clip, camera, part and key are its own.",
            otherwise: OpeningRefusal.otherDevice.sentence)
    }

    private func checkRecord(_ prefix: SealedPrefix, _ source: SealedSource, _ proof: inout ClipProof) async throws {
        guard let record else {
            // What the journal says of pictures is their plaintext's hash.
            guard pictures.isEmpty else { return }
            proof.add(.open, "There is no journal entry at hand that says how long the clip is.")
            return
        }
        guard record.bind == prefix.bind, record.subject == prefix.header.subject, record.part == prefix.header.part
        else {
            proof.add(.refuted, "The journal speaks of another file than this one: \(OpeningRefusal.otherClip.sentence)")
            return
        }
        let lasting = source.size - Int64(prefix.recipientsRange.count)
        guard lasting == record.lastingLength else {
            let difference = record.lastingLength - lasting
            proof.add(
                .refuted,
                difference > 0
                    ? "The file is cut: \(difference) bytes that the device sealed are missing at its end."
                    : "The file has \(-difference) bytes more than the device sealed.")
            return
        }
        let isSame = try await lastingHash(of: source, without: prefix.recipientsRange) == record.lastingHash
        proof.add(
            isSame, "Every byte but the recipients' is the one that the journal names, to the end of the file.",
            otherwise: "The file has the right length, but not the bytes that the journal names: it was changed.")
        if isSame { proof.provenLength = record.plaintextLength }
    }

    /// Whether the checkpoint speaks of this file.
    private func checkCheckpoint(_ prefix: SealedPrefix, _ source: SealedSource, _ proof: inout ClipProof) -> Bool {
        guard let checkpoint else { return false }
        guard checkpoint.isSigned(by: deviceKey ?? prefix.header.deviceKey) else {
            proof.add(.refuted, "The checkpoint does not bear the device's signature.")
            return false
        }
        guard checkpoint.bind == prefix.bind else {
            proof.add(.refuted, "The checkpoint speaks of another file than this one.")
            return false
        }
        let held = prefix.header.layout.plaintextLength(inBody: source.size - Int64(prefix.bodyOffset)) ?? 0
        proof.add(
            checkpoint.plaintextLength <= held,
            "A checkpoint of \(checkpoint.at) says that the clip had \(checkpoint.plaintextLength) bytes by then.",
            otherwise:
                "A checkpoint of \(checkpoint.at) says that the clip had \(checkpoint.plaintextLength) bytes by then; "
                + "this file has fewer: it is cut.")
        return checkpoint.plaintextLength <= held
    }

    private func checkPicture(_ source: SealedSource, isSpokenFor: Bool, _ proof: inout ClipProof) async throws {
        guard let keys else {
            proof.add(.open, "Without the recovery code the picture itself was not looked at.")
            return
        }
        let border = isSpokenFor ? checkpoint?.plaintextLength : nil
        var hash = SHA256()
        var whole = SHA256()
        var length: Int64 = 0
        var hashAtCheckpoint = border == 0 ? Hash256(digest: hash.finalize()) : nil
        let result = try await ClipOpener(keys).open(source) { block in
            let before = border.map { Int(max(0, min(Int64(block.count), $0 - length))) } ?? 0
            hash.update(data: block[..<before])
            if !pictures.isEmpty { whole.update(data: block) }
            length += Int64(block.count)
            if before > 0, let border, length >= border, hashAtCheckpoint == nil {
                hashAtCheckpoint = Hash256(digest: hash.finalize())
            }
        }
        switch result.outcome {
        case .complete:
            proof.add(.proven, "It opens to its last segment: \(result.plaintextLength) bytes.")
            guard !pictures.isEmpty else { break }
            proof.add(
                pictures.contains(Hash256(digest: whole.finalize())),
                "It is a picture of its event that the journal names, to the last byte.",
                otherwise: "The journal names other pictures of its event than this one.")
        case .interrupted:
            proof.add(
                record?.isComplete != true, result.sentence,
                otherwise: "The journal says that the clip is complete, but it ends without its last segment.")
        case .refused(let refusal): proof.add(.refuted, refusal.sentence)
        }
        guard let checkpoint, isSpokenFor else { return }
        let isSame = hashAtCheckpoint == checkpoint.plaintextHash
        proof.add(
            isSame,
            "Up to the checkpoint the picture is the one that the device hashed at \(checkpoint.at). "
                + "That nothing followed is not proven.",
            otherwise: "The picture is not the one that the device hashed at \(checkpoint.at).")
        if isSame { proof.provenLength = max(proof.provenLength, checkpoint.plaintextLength) }
    }

    private func lastingHash(of source: SealedSource, without recipients: Range<Int>) async throws -> Hash256 {
        var hash = SHA256()
        hash.update(data: try await source.read(0, recipients.lowerBound))
        var place = Int64(recipients.upperBound)
        while place < source.size {
            try Task.checkCancellation()
            let block = try await source.read(place, 256 * 1024)
            hash.update(data: block)
            place += Int64(block.count)
        }
        return Hash256(digest: hash.finalize())
    }
}
