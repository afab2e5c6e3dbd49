import GuardianArchive
import GuardianConfiguration
import GuardianCore
import GuardianEdge
import GuardianJournal
import GuardianNode

/// Evidence about a sealed file from a journal on this machine.
struct JournalEvidence {
    let config: String

    /// Adds to the verifier the expected device key and, if the journal names the file, its expected length and hash.
    func add(for header: SealedHeader, to verifier: inout ClipVerifier) throws {
        let root = try ConfigurationFile(path: config).root
        if header.isPicture { return try add(forPictureOf: EventID(header.subject), root, to: &verifier) }
        let evidence: SealedEvidence?
        if root.isNode {
            evidence = try NodeVerification.sealed(header.clipID, state: NodeConfiguration(root).state)
        } else {
            let state = try EdgeConfiguration(root).state
            evidence = try EdgeVerification.sealed(header.clipID, state: state)
            verifier.deviceKey = try verifier.deviceKey ?? EdgeVerification.deviceKey(state: state).bytes
        }
        guard let evidence else {
            return Console.note("The journal does not name the clip yet: it does once the whole clip is archived.")
        }
        verifier.deviceKey = verifier.deviceKey ?? evidence.deviceKey.bytes
        let count = evidence.sealed.parts.count
        if count > 1 { Console.note("The clip has \(count) parts; this is part \(header.part).") }
        guard let part = evidence.sealed.parts.first(where: { $0.number == header.part }) else {
            throw GuardianError(.dataLoss, "The journal names \(count) parts of the clip, but not part \(header.part).")
        }
        guard let hash = part.lastingHash else {
            return Console.note("The journal names the part without a hash: the recorder lost it in a power cut.")
        }
        verifier.record = SealedRecord(
            subject: header.subject, part: part.number, bind: part.bind, isComplete: part.isComplete,
            plaintextLength: part.plaintextLength, sealedLength: part.lastingLength,
            lastingLength: part.lastingLength, lastingHash: hash)
    }

    private func add(
        forPictureOf event: EventID, _ root: ConfigurationSection, to verifier: inout ClipVerifier
    ) throws {
        let evidence: PictureEvidence?
        if root.isNode {
            evidence = try NodeVerification.pictures(of: event, state: NodeConfiguration(root).state)
        } else {
            let state = try EdgeConfiguration(root).state
            evidence = try EdgeVerification.pictures(of: event, state: state)
            verifier.deviceKey = try verifier.deviceKey ?? EdgeVerification.deviceKey(state: state).bytes
        }
        guard let evidence else { return Console.note("The journal names no snapshot of the event \(event).") }
        verifier.deviceKey = verifier.deviceKey ?? evidence.deviceKey.bytes
        verifier.pictures = evidence.pictures
    }
}
