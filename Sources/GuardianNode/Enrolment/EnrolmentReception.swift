import Foundation
import GRPCCore
import GuardianCore
import GuardianIdentity
import GuardianWire

/// Answers `EnrolmentService` of `proto/guardian/v1/enrolment.proto`.
struct EnrolmentReception: Guardian_V1_EnrolmentService.SimpleServiceProtocol {
    let responder: EnrolmentResponder
    /// What enrolled edges connect to.
    let node: EnrolledConnection

    func enrol(
        request: Guardian_V1_EnrolRequest, context: ServerContext
    ) async throws -> Guardian_V1_EnrolReply {
        let answer = try await responder.enrol(
            EnrolmentResponder.Request(request), from: ClientAddress(peer: context.remotePeer))
        switch answer {
        case .enrolled(let certificate):
            return .with {
                $0.enrolled.certificate = certificate
                $0.enrolled.authority = node.authorityPEM
                $0.enrolled.port = UInt32(node.port)
            }
        case .pending(let wait):
            return .with { $0.pending.retryAfterSeconds = UInt32(clamping: wait.components.seconds) }
        }
    }
}

extension EnrolmentResponder.Request {
    package init(_ request: Guardian_V1_EnrolRequest) {
        self.init(
            codePrefix: request.codePrefix, codeSecret: Secret(Array(request.codeSecret)),
            certificateRequest: Array(request.certificateRequest), deviceKey: Array(request.deviceKey),
            signature: Array(request.signature), name: request.name)
    }
}

/// What an enrolled edge needs to connect to its node.
package struct EnrolledConnection: Hashable, Sendable {
    /// The authority of the node's server.
    package var authorityPEM: String
    package var port: Int

    package init(authorityPEM: String, port: Int) {
        self.authorityPEM = authorityPEM
        self.port = port
    }
}

extension ClientAddress {
    /// Reads what gRPC calls a peer: `ipv4:192.0.2.1:50000`, `ipv6:[2001:db8::1]:50000`.
    init(peer: String) {
        let address = peer.split(separator: ":", maxSplits: 1).last ?? ""
        let host = address.lastIndex(of: ":").map { address[..<$0] } ?? address
        self.init(host.trimmingCharacters(in: ["[", "]"]))
    }
}
