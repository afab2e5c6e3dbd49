import GuardianArchive
import GuardianCore
import GuardianHTTP

/// What a node says of a sealed file. It is believed in nothing that the device did not sign.
struct NodeWitness {
    let server: ArchiveServer

    /// Tells the verifier the newest checkpoint and, when nobody else did, whose the file must be.
    func testify(about header: SealedHeader, to verifier: inout ClipVerifier) async throws {
        let part = try await part(header)
        if part.status == .uploading {
            Console.note("The part still comes in: a file that was fetched before may be older than the checkpoint.")
        }
        if verifier.deviceKey == nil {
            let keys = try await server.deviceKeys().compactMap { DeviceKeyText(argument: $0)?.bytes }
            // With one recorder it is that one's key; among several the file says which, and the node knows it.
            verifier.deviceKey = keys.count == 1 ? keys[0] : keys.first { $0 == header.deviceKey }
        }
        guard verifier.checkpoint == nil else { return }
        guard let checkpoint = part.checkpoint else {
            return Console.note("The node holds no checkpoint of this part.")
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
