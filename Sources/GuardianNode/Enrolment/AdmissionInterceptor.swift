import GRPCCore
import GuardianCore
import GuardianWire
import Logging

/// Asks for each call whether its device may be connected, and ends calls of devices that may not be any more.
struct AdmissionInterceptor: ServerInterceptor {
    let admission: any Admission
    let logger: Logger

    func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingServerRequest<Input>, context: ServerContext,
        next: @Sendable (StreamingServerRequest<Input>, ServerContext) async throws -> StreamingServerResponse<Output>
    ) async throws -> StreamingServerResponse<Output> {
        let device = try DeviceCertificate.identity(of: context)
        do { try await admission.admit(device) } catch {
            logger.notice("device refused", metadata: ["device": "\(device.fingerprint)", "reason": "\(error)"])
            throw error
        }
        var response = try await next(request, context)
        guard case .success(var contents) = response.accepted else { return response }
        // The methods of streams do their work in here.
        let produce = contents.producer
        contents.producer = { [admission] writer in
            try await withThrowingTaskGroup(of: Metadata.self) { group in
                group.addTask { try await produce(writer) }
                group.addTask { throw try await admission.untilRefused(device) }
                defer { group.cancelAll() }
                return try await group.next() ?? [:]
            }
        }
        response.accepted = .success(contents)
        return response
    }
}
