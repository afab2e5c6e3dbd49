import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianTestKit
import GuardianWire
import SwiftProtobuf
import Testing

/// An AI service may stand on a network, and an edge may have been taken over.
@Suite("Every call to the AI service", .timeLimit(.minutes(10)))
struct HostileCallsSerialTests {
    @Test("is answered or refused, and the service goes on, whatever bytes its messages have")
    func calls() async throws {
        let service = try RunningService()
        try await withService(service) { calls in
            let name = try await calls.models(.init()).models.first?.name ?? ""
            let genuine = try Self.genuine(model: name)
            let transport = try HTTP2ClientTransport.Posix(
                target: .unixDomainSocket(path: service.socket), transportSecurity: .plaintext)
            try await withGRPCClient(transport: transport) { client in
                for (method, messages) in genuine {
                    #expect(await client.end(of: method, messages) == .answered, "\(method)")
                }
                var input = HostileInput(seed: 73)
                var refused: Set<MethodDescriptor> = []
                for _ in 0..<HostileInput.count(40) {
                    for (method, messages) in genuine {
                        var changed = messages
                        let place = Int.random(in: 0..<changed.count, using: &input)
                        changed[place] = input.changed(changed[place])
                        let end = await client.end(of: method, changed)
                        try #require(end != .hung, "\(method), \(changed)")
                        if end == .refused { refused.insert(method) }
                    }
                }
                // Questions without a field are answered as long as they can be decoded.
                #expect(refused.isSuperset(of: [Service.Watch.descriptor, Service.Snapshot.descriptor]))
            }
            #expect(try await calls.health(.init()).ready)
        }
    }

    private typealias Service = Guardian_V1_InferenceService.Method

    private static func genuine(model: String) throws -> [(MethodDescriptor, [[UInt8]])] {
        let (stream, packets) = try campus(12)
        let watch: [Guardian_V1_WatchRequest] = [
            .with {
                $0.start.camera = UUID().uuidString
                ($0.start.stream, $0.start.rate) = (stream, 5)
            }, .with { $0.packets.packets = packets },
        ]
        let snapshot: [Guardian_V1_SnapshotRequest] = [
            .with { ($0.start.stream, $0.start.quality) = (stream, 50) }, .with { $0.packets.packets = packets },
        ]
        return [
            (Service.Watch.descriptor, try watch.map { try $0.serializedBytes() }),
            (Service.Snapshot.descriptor, try snapshot.map { try $0.serializedBytes() }),
            (Service.Models.descriptor, [try Guardian_V1_ModelsRequest().serializedBytes()]),
            (Service.Load.descriptor, [try Guardian_V1_LoadRequest.with { $0.name = model }.serializedBytes()]),
            (Service.Health.descriptor, [try Guardian_V1_HealthRequest().serializedBytes()]),
        ]
    }
}
