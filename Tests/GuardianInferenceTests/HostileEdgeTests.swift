import Foundation
import GuardianCore
import GuardianInference
import GuardianMedia
import GuardianTestKit
import GuardianWatch
import GuardianWire
import SwiftProtobuf
import Testing

/// The edge passes on what cameras send, and an AI service may stand on a network.
@Suite("Every message of an edge to the AI service")
struct HostileEdgeTests {
    private let count = HostileInput.count()

    @Test("is refused, or its packets can be queued and its times computed with")
    func packets() throws {
        var input = HostileInput(seed: 21)
        var accepted = 0
        for _ in 0..<count {
            let message = Guardian_V1_VideoPackets.with { message in
                message.packets = (0..<Int.random(in: 0..<4, using: &input)).map { _ in
                    .with { packet in
                        packet.payload = Data(input.bytes(Int.random(in: 0..<8, using: &input)))
                        (packet.pts, packet.dts) = (input.integer(), input.integer())
                        packet.duration = input.chance(2) ? input.integer() : 3_000
                        packet.sequence = input.integer()
                        (packet.keyframe, packet.discontinuity) = (input.chance(2), input.chance(9))
                    }
                }
            }
            let bytes: [UInt8] = try message.serializedBytes()
            let sent = input.chance(2) ? input.changed(bytes) : bytes
            guard let decoded = try? Guardian_V1_VideoPackets(serializedBytes: sent),
                let packets = try? decoded.checked()
            else { continue }
            accepted += 1
            let queue = PacketQueue()
            queue.put(packets)
            queue.finish()
            while let item = queue.take() { #expect(item.packet.sequence + 1 > 0) }
        }
        #expect(accepted > 0 && accepted < count)
    }

    @Test("that begins a watch or a picture is refused, or names a camera, a stream and numbers within their ranges")
    func orders() throws {
        var input = HostileInput(seed: 22)
        for _ in 0..<count {
            let stream = Guardian_V1_VideoStream.with {
                $0.codec = input.chance(5) ? .unspecified : .h264
                $0.extradata = Data(input.bytes(Int.random(in: 0..<9, using: &input)))
                ($0.width, $0.height) = (input.integer(), input.integer())
            }
            let camera = input.text([UUID().uuidString, ""])
            let watch = Guardian_V1_WatchStart.with {
                ($0.stream, $0.camera, $0.rate) = (stream, camera, input.double())
            }
            if let order = try? WatchOrder(watch) {
                #expect((1...30).contains(order.settings.rate) && order.stream.width <= 16_384)
                #expect(order.camera.isEmpty || CameraID(order.camera) != nil)
            }
            let snapshot = Guardian_V1_SnapshotStart.with {
                ($0.stream, $0.camera, $0.mediaTime, $0.quality) = (stream, camera, input.integer(), input.integer())
            }
            if let order = try? SnapshotOrder(snapshot) {
                #expect((1...100).contains(order.quality) && Plausible.mediaTime.contains(order.mediaTime.milliseconds))
            }
        }
    }

    @Test("that holds packets without end is refused")
    func many() {
        let packet = Guardian_V1_VideoPacket.with { $0.payload = Data([1]) }
        let message = Guardian_V1_VideoPackets.with { $0.packets = Array(repeating: packet, count: 10_001) }
        #expect(throws: GuardianError.self) { try message.checked() }
    }

    @Test("that fills the queue with packets of a byte is dropped up to a keyframe")
    func tiny() throws {
        let queue = PacketQueue(staleness: .seconds(Int64.max))
        let packet = try Packet(bytes: [1], pts: 0, dts: 0, duration: 1, isKeyframe: false, sequence: 0)
        for _ in 0..<21 { queue.put(Array(repeating: packet, count: 1_000)) }
        #expect(queue.count <= 20_000 && queue.takeDropped() > 0)
    }
}
