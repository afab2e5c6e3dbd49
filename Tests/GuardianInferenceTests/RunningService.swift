import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianConfiguration
import GuardianCore
import GuardianInference
import GuardianMedia
import GuardianTestKit
import GuardianVision
import GuardianWire
import Logging

/// Runs an AI service on a socket of its own, with the real model.
struct RunningService {
    let socket: String
    private let task: Task<Void, any Error>

    init(
        proofInterval: Duration = .seconds(120),
        makeDetector: @escaping @Sendable (OpenVINOPlaces, Int) throws -> any Detector = {
            try OpenVINODetector(places: $0, requests: $1)
        }
    ) throws {
        socket = "/tmp/guardian-ai-\(UUID().uuidString.prefix(8)).sock"
        let configuration = try InferenceServiceConfiguration(
            ConfigurationFile(text: "socket: \(socket)", name: "ai.yaml").root)
        let server = InferenceServer(
            configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            proofInterval: proofInterval,
            makeDetector: makeDetector)
        task = Task { try await server.run() }
    }

    func end() async {
        task.cancel()
        _ = await task.result
        unlink(socket)
    }
}

typealias InferenceClient = Guardian_V1_InferenceService.Client<HTTP2ClientTransport.Posix>

/// Runs `body` with a client, once the service has loaded its model.
func withService<Value: Sendable>(
    _ service: RunningService? = nil, _ body: @Sendable @escaping (InferenceClient) async throws -> Value
) async throws -> Value {
    let service = try service ?? RunningService()
    let transport = try HTTP2ClientTransport.Posix.http2NIOPosix(
        target: .unixDomainSocket(path: service.socket), transportSecurity: .plaintext)
    do {
        let value = try await withGRPCClient(transport: transport) { client in
            let calls = InferenceClient(wrapping: client)
            var options = CallOptions.defaults
            options.waitForReady = true
            try await eventually("the model is loaded") {
                let health = try await calls.health(Guardian_V1_HealthRequest(), options: options)
                if !health.reason.isEmpty, !health.reason.contains("still being loaded") {
                    throw GuardianError(.failedPrecondition, health.reason)
                }
                return health.ready
            }
            return try await body(calls)
        }
        await service.end()
        return value
    } catch {
        await service.end()
        throw error
    }
}

/// Returns the stream description and the first packets of the campus scene.
func campus(_ count: Int) throws -> (Guardian_V1_VideoStream, [Guardian_V1_VideoPacket]) {
    let source = FileSource(path: ".tools/footage/loops/campus.ts")
    let stream = try source.open()
    var packets: [Guardian_V1_VideoPacket] = []
    while packets.count < count, case .packet(let packet)? = try source.next() {
        packets.append(
            .with {
                $0.payload = Data(packet.bytes)
                $0.pts = packet.pts.count
                $0.dts = packet.dts.count
                $0.duration = packet.duration.count
                $0.keyframe = packet.isKeyframe
                $0.sequence = UInt64(packets.count)
            })
    }
    return (
        .with {
            $0.codec = .h264
            $0.extradata = Data(stream.extradata)
            $0.width = UInt32(stream.width)
            $0.height = UInt32(stream.height)
        }, packets
    )
}
