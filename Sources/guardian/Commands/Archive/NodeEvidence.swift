import GuardianArchive
import GuardianCore
import GuardianHTTP

/// Evidence about a sealed file from a node. Only what the device signed is trusted.
struct NodeEvidence {
    let server: ArchiveServer

    /// Adds to the verifier the newest checkpoint and, if it has none yet, the expected device key.
    func add(for header: SealedHeader, to verifier: inout ClipVerifier) async throws {
        let part = try await part(header)
        if part.status == .uploading {
            Console.note("The part is still being uploaded: a file fetched earlier may be older than the checkpoint.")
        }
        if verifier.deviceKey == nil {
            let keys = try await server.deviceKeys().compactMap { DeviceKeyText(argument: $0)?.bytes }
            // With one recorder it is that one's key; with several, the key in the file if the node knows it.
            verifier.deviceKey = keys.count == 1 ? keys[0] : keys.first { $0 == header.deviceKey }
        }
        guard verifier.checkpoint == nil else { return }
        guard let checkpoint = part.checkpoint else {
            return Console.note("The node has no checkpoint of this part.")
        }
        verifier.checkpoint = try Checkpoint(bytes: Array(checkpoint.signed))
    }

    private func part(_ header: SealedHeader) async throws -> ArchivedPartView {
        if header.isPicture { return try await server.picture(of: EventID(header.subject)).file }
        let clip = try await server.clip(header.clipID)
        guard let part = clip.parts.first(where: { $0.part == header.part }) else {
            throw GuardianError(.notFound, "The archive has no part \(header.part) of clip \(header.clipID).")
        }
        return part
    }
}
