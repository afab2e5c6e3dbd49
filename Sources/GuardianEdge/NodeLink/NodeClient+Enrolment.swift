import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianWire
import Logging

extension NodeClient {
    /// Sends one request to a node's enrolment, over a connection of its own.
    ///
    /// - Throws: the node's refusal; `unavailable` when it does not answer; `failedPrecondition` when another server does.
    static func enrol(
        _ target: EnrolmentTarget, _ request: Guardian_V1_EnrolRequest, timeout: Duration, logger: Logger
    ) async throws -> Guardian_V1_EnrolReply {
        let (transport, authority) = try target.transport()
        var options = CallOptions.defaults
        options.timeout = timeout
        options.waitForReady = false
        options.maxResponseMessageBytes = EnrolmentLimits.message
        do {
            return try await run(transport, logger: logger) { [options] client in
                try await Guardian_V1_EnrolmentService.Client(wrapping: client).enrol(request, options: options)
            }
        } catch {
            guard !authority.hasRefused else {
                throw GuardianError(
                    .failedPrecondition,
                    "\(target.host):\(target.port) cannot prove that it is the node that made the code: check the code, and that "
                        + "the address is right and among the node's enrolment.names.",
                    cause: error)
            }
            throw GuardianError.call(error, "The node \(target.host):\(target.port)")
        }
    }
}
