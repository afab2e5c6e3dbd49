import GRPCCore
import GuardianCore
import GuardianWire

extension ArchiveReception {
    func list(
        request: Guardian_V1_ArchiveQuery, context: ServerContext
    ) async throws -> Guardian_V1_ArchivePage {
        throw GuardianError(.unimplemented, "This node does not list its archive over gRPC yet.")
    }

    func fetch(
        request: Guardian_V1_FetchRequest, response: RPCWriter<Guardian_V1_FetchReply>, context: ServerContext
    ) async throws {
        throw GuardianError(.unimplemented, "This node does not give out its archive over gRPC yet.")
    }
}
