import Crypto
import GuardianCore

/// Compares a sealed file with independent evidence: the journal's record, the newest checkpoint, the device's key. All
/// evidence is optional; a check without its evidence is reported as open, not as a failure.
public struct ClipVerifier: Sendable {
    /// The journal's `clip sealed` record of this part.
    public var record: SealedRecord?
    public var checkpoint: Checkpoint?
    /// SHA-256 of each picture that the journal names for the event; for verifying a picture, not a clip.
    public var pictures: Set<Hash256> = []
    /// The device's Ed25519 key, from its journal or certificate: never from the file itself.
    public var deviceKey: [UInt8]?
    /// The owner's keys, without which the plaintext and its hashes cannot be verified.
    public var keys: OwnerKeys?

    public init(
        record: SealedRecord? = nil, checkpoint: Checkpoint? = nil, deviceKey: [UInt8]? = nil, keys: OwnerKeys? = nil
    ) {
        self.record = record
        self.checkpoint = checkpoint
        self.deviceKey = deviceKey
        self.keys = keys
    }

    /// Checks the file against all evidence.
    ///
    /// - Throws: the source's errors, cancellation. A fault of the file is a refuted statement, not an error.
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
        let isCheckpointValid = checkCheckpoint(prefix, source, &proof)
        try await checkPicture(source, isCheckpointValid: isCheckpointValid, &proof)
        return proof
    }

    private func checkDevice(_ prefix: SealedPrefix, _ proof: inout ClipProof) {
        guard let deviceKey else {
            proof.add(.open, "A device signed the header; which one cannot be verified without the device's key.")
            return
        }
        proof.add(
            deviceKey == prefix.header.deviceKey,
            "The device signed the header, which names clip, camera, part and key.",
            otherwise: OpeningRefusal.otherDevice.sentence)
    }

    private func checkRecord(_ prefix: SealedPrefix, _ source: SealedSource, _ proof: inout ClipProof) async throws {
        guard let record else {
            // For pictures, the journal holds the hash of the plaintext; `checkPicture` compares it.
            guard pictures.isEmpty else { return }
            proof.add(.open, "No journal entry is available, so the length of the clip cannot be verified.")
            return
        }
        guard record.bind == prefix.bind, record.subject == prefix.header.subject, record.part == prefix.header.part
        else {
            proof.add(.refuted, "The journal entry describes another file. \(OpeningRefusal.otherClip.sentence)")
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
            isSame, "Every byte except the list of recipients matches the hash in the journal, to the end of the file.",
            otherwise: "The file has the right length, but its hash is not the one in the journal: it was changed.")
        if isSame { proof.provenLength = record.plaintextLength }
    }

    /// Returns whether the checkpoint is valid for this file, so that its hash can be compared with the plaintext.
    private func checkCheckpoint(_ prefix: SealedPrefix, _ source: SealedSource, _ proof: inout ClipProof) -> Bool {
        guard let checkpoint else { return false }
        guard checkpoint.isSigned(by: deviceKey ?? prefix.header.deviceKey) else {
            proof.add(.refuted, "The device's signature on the checkpoint is not valid.")
            return false
        }
        guard checkpoint.bind == prefix.bind else {
            proof.add(.refuted, "The checkpoint belongs to another file.")
            return false
        }
        let available = prefix.header.layout.plaintextLength(inBody: source.size - Int64(prefix.bodyOffset)) ?? 0
        proof.add(
            checkpoint.plaintextLength <= available,
            "A checkpoint of \(checkpoint.at) says that the clip had \(checkpoint.plaintextLength) bytes by then.",
            otherwise:
                "A checkpoint of \(checkpoint.at) says that the clip had \(checkpoint.plaintextLength) bytes by then; "
                + "this file has fewer: it is cut.")
        return checkpoint.plaintextLength <= available
    }

    private func checkPicture(_ source: SealedSource, isCheckpointValid: Bool, _ proof: inout ClipProof) async throws {
        guard let keys else {
            proof.add(.open, "The content was not verified, because that needs the recovery code.")
            return
        }
        let checkpointLength = isCheckpointValid ? checkpoint?.plaintextLength : nil
        var hash = SHA256()
        var whole = SHA256()
        var length: Int64 = 0
        var hashAtCheckpoint = checkpointLength == 0 ? Hash256(digest: hash.finalize()) : nil
        let result = try await ClipOpener(keys).open(source) { block in
            let before = checkpointLength.map { Int(max(0, min(Int64(block.count), $0 - length))) } ?? 0
            hash.update(data: block[..<before])
            if !pictures.isEmpty { whole.update(data: block) }
            length += Int64(block.count)
            if before > 0, let checkpointLength, length >= checkpointLength, hashAtCheckpoint == nil {
                hashAtCheckpoint = Hash256(digest: hash.finalize())
            }
        }
        switch result.outcome {
        case .complete:
            proof.add(.proven, "It opens to its last segment: \(result.plaintextLength) bytes.")
            guard !pictures.isEmpty else { break }
            proof.add(
                pictures.contains(Hash256(digest: whole.finalize())),
                "It is a picture that the journal names for its event, complete to the last byte.",
                otherwise: "The journal does not name this picture for its event.")
        case .interrupted:
            proof.add(
                record?.isComplete != true, result.sentence,
                otherwise: "The journal says that the clip is complete, but it ends without its last segment.")
        case .refused(let refusal): proof.add(.refuted, refusal.sentence)
        }
        guard let checkpoint, isCheckpointValid else { return }
        let isSame = hashAtCheckpoint == checkpoint.plaintextHash
        proof.add(
            isSame,
            "Up to the checkpoint the content is what the device hashed at \(checkpoint.at). "
                + "Whether more followed is not proven.",
            otherwise: "Up to the checkpoint the content is not what the device hashed at \(checkpoint.at).")
        if isSame { proof.provenLength = max(proof.provenLength, checkpoint.plaintextLength) }
    }

    private func lastingHash(of source: SealedSource, without recipients: Range<Int>) async throws -> Hash256 {
        var hash = SHA256()
        hash.update(data: try await source.read(0, recipients.lowerBound))
        var offset = Int64(recipients.upperBound)
        while offset < source.size {
            try Task.checkCancellation()
            let block = try await source.read(offset, 256 * 1024)
            hash.update(data: block)
            offset += Int64(block.count)
        }
        return Hash256(digest: hash.finalize())
    }
}
