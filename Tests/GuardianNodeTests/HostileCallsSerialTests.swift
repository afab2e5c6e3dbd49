import Crypto
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GuardianCore
import GuardianJournal
import GuardianNode
import GuardianTelemetry
import GuardianTestKit
import GuardianWire
import SwiftProtobuf
import Testing

/// What an edge that was taken over sends: it has a certificate, and its calls are made of any bytes.
@Suite("Every call to a node", .timeLimit(.minutes(10)))
struct HostileCallsSerialTests {
    private let kit: ArchiveKit

    init() throws { kit = try ArchiveKit() }

    /// A call as an edge makes it.
    private struct Genuine {
        let method: MethodDescriptor
        let messages: [[UInt8]]
    }

    @Test("is answered or refused, and the node goes on, whatever bytes its messages have")
    func calls() async throws {
        let genuine = try await genuine()
        try await kit.withNode { port, _ in
            let transport = try HTTP2ClientTransport.Posix(
                target: .dns(host: "localhost", port: port), transportSecurity: try kit.node.edgeFiles.clientSecurity())
            try await withGRPCClient(transport: transport) { client in
                // Each is answered when nothing is changed, so that changes reach what answers.
                for call in genuine {
                    #expect(await client.end(of: call.method, call.messages) == .answered, "\(call.method)")
                }
                var input = HostileInput(seed: 71)
                var refused: Set<MethodDescriptor> = []
                for _ in 0..<HostileInput.count(60) {
                    for call in genuine {
                        let changed = Self.changed(call.messages, &input)
                        let end = await client.end(of: call.method, changed)
                        try #require(end != .hung, "\(call.method), \(changed)")
                        if end == .refused { refused.insert(call.method) }
                    }
                }
                #expect(refused.count == Set(genuine.map(\.method)).count)
            }
            let clip = try kit.seal(Array("after all that".utf8))
            guard case .receipt = try await kit.send(clip, port: port).kind else {
                Issue.record("The node does not store any more.")
                return
            }
        }
    }

    /// Changes, leaves out, repeats and swaps messages.
    private static func changed(_ messages: [[UInt8]], _ input: inout HostileInput) -> [[UInt8]] {
        var messages = messages
        let place = Int.random(in: 0..<messages.count, using: &input)
        switch Int.random(in: 0..<6, using: &input) {
        case 0: messages.remove(at: place)
        case 1: messages.insert(messages[place], at: place)
        case 2: messages.swapAt(place, 0)
        default: messages[place] = input.changed(messages[place])
        }
        return messages
    }

    private func genuine() async throws -> [Genuine] {
        let clip = try kit.seal(Array("a clip".utf8))
        let stored = clip.requests + [.end(clip.bytes.count)]
        let (list, hold, fetch) = (
            Guardian_V1_ArchiveQuery.with { $0.limit = 5 },
            Guardian_V1_HoldRequest.with { ($0.clip, $0.held) = (clip.clip.description, true) },
            Guardian_V1_FetchRequest.with { ($0.kind, $0.subject) = (.clip, clip.clip.description) }
        )
        typealias Archive = Guardian_V1_ArchiveService.Method
        return [
            Genuine(method: Archive.Store.descriptor, messages: try stored.map { try $0.serializedBytes() }),
            Genuine(method: Archive.List.descriptor, messages: [try list.serializedBytes()]),
            Genuine(method: Archive.Hold.descriptor, messages: [try hold.serializedBytes()]),
            Genuine(method: Archive.Fetch.descriptor, messages: [try fetch.serializedBytes()]),
            Genuine(method: Archive.Usage.descriptor, messages: [try Guardian_V1_UsageQuery().serializedBytes()]),
            Genuine(
                method: Guardian_V1_JournalService.Method.Publish.descriptor,
                messages: try await published().map { try $0.serializedBytes() }),
            Genuine(
                method: Guardian_V1_TelemetryService.Method.Report.descriptor,
                messages: [try Guardian_V1_TelemetryReportRequest(measured).serializedBytes()]),
        ]
    }

    private var measured: [TelemetrySample] {
        let now = SystemClock().now()
        return (0..<3).map { number in
            var sample = TelemetrySample(at: now + Int64(-number) * 10_000)
            sample.set(.cpu, 500)
            sample.set(.cameraLive, of: Sample.front, 1)
            return sample
        }
    }

    /// A hello and an entry that the kit's device has signed.
    private func published() async throws -> [Guardian_V1_PublishRequest] {
        let journal = try Journal(path: kit.node.folder.path("hostile.sqlite"), key: DeviceKey())
        let entry = try #require(try await journal.append([.eventUpdated(Sample.event())], at: Sample.start).first)
        try journal.close()
        let signed = Array("guardian/journal/v1".utf8) + [0] + entry.payload
        let signature = try kit.device.signature(for: signed)
        let hello = Guardian_V1_PublishRequest.with {
            $0.hello.deviceKey = kit.device.publicKey.rawRepresentation
        }
        let entries = Guardian_V1_PublishRequest.with { request in
            request.entries.entries = [
                .with {
                    ($0.chain, $0.sequence) = (entry.chain.description, UInt64(entry.sequence))
                    ($0.payload, $0.signature) = (Data(entry.payload), signature)
                }
            ]
        }
        return [hello, entries]
    }
}
