import Foundation
import GRPCCore
import GuardianCore
import GuardianEdge
import GuardianTestKit
import GuardianWire
import Testing

@Suite("The snapshot client", .timeLimit(.minutes(10)))
struct SnapshotClientSerialTests {
    private let service = InferenceKit()
    private let footage: Footage
    private let file: String

    init() throws {
        footage = try Footage()
        // A file is played in real time: with 60 pictures a second the first ones are there soon.
        file = "file:" + (try footage.make("in.mp4", seconds: 2, rate: 60, gop: 120))
    }

    /// Runs a camera, the service and a connection to it while `body` runs, which starts with some pictures in a GOP.
    private func withClient(
        from source: String? = nil, detect: String? = nil, ringBytes: Int? = nil, least: Int = 8,
        _ body: (SnapshotClient, CameraSession) async throws -> Void
    ) async throws {
        let camera = try CameraSession.test(source ?? file, detect: detect, ringBytes: ringBytes)
        let link = try service.link()
        try await service.serving {
            try await running(link) {
                try await camera.running {
                    try await eventually("some pictures") { (camera.newestGOP()?.packets.count ?? 0) >= least }
                    try await body(SnapshotClient(camera: camera, link: link), camera)
                }
            }
        }
    }

    private func packets(of requests: [Guardian_V1_SnapshotRequest]) -> [Guardian_V1_VideoPacket] {
        requests.flatMap { $0.packets.packets }
    }

    @Test("sends the main stream's packets from the keyframe to the requested picture, and no further")
    func mainStream() async throws {
        service.answer { $0.snapshot = { _ in .picture(at: 4_321) } }
        try await withClient(detect: file) { client, camera in
            let gop = try #require(camera.newestGOP())
            let wanted = gop.packets[5]
            let picture = try await client.picture(at: wanted.mediaTime)
            #expect(picture.mediaTime == 4_321 && picture.width == 320 && picture.height == 240)
            let requests = try #require(service.snapshotCalls.first)
            #expect(service.snapshotCalls.count == 1)
            let start = try #require(requests.first).start
            #expect(start.camera == camera.identity.id.description && start.mediaTime == wanted.mediaTime.milliseconds)
            #expect(start.stream.codec == .h264 && start.stream.width == 320)
            #expect(start.stream.extradata == Data(gop.stream.extradata))
            #expect(packets(of: requests).map(\.pts) == gop.packets.prefix(6).map(\.pts.count))
            #expect(packets(of: requests).map(\.keyframe) == [true, false, false, false, false, false])
        }
    }

    @Test("sends no packet if the watch analyses the main stream and still has the picture")
    func held() async throws {
        service.answer { $0.snapshot = { _ in .picture() } }
        try await withClient { client, camera in
            let wanted = try #require(camera.newestGOP()).packets[5]
            _ = try await client.picture(at: wanted.mediaTime)
            #expect(service.snapshotCalls.map { $0.map(\.start.mediaTime) } == [[wanted.mediaTime.milliseconds]])
        }
    }

    @Test("sends the packets if the watch no longer has the picture")
    func notHeld() async throws {
        service.answer {
            $0.snapshot = { requests in
                guard requests.count > 1 else { throw RPCError(code: .notFound, message: "Not held.") }
                return .picture()
            }
        }
        try await withClient { client, camera in
            let gop = try #require(camera.newestGOP()).packets
            _ = try await client.picture(at: gop[5].mediaTime)
            #expect(service.snapshotCalls.map { packets(of: $0).count } == [0, 6])
        }
    }

    @Test("throws any other error, and does not retry with packets")
    func failure() async throws {
        service.answer { $0.snapshot = { _ in throw RPCError(code: .resourceExhausted, message: "Out of memory.") } }
        try await withClient { client, camera in
            let wanted = try #require(camera.newestGOP()).packets[5]
            let error = await #expect(throws: GuardianError.self) { try await client.picture(at: wanted.mediaTime) }
            #expect(error?.code == .resourceExhausted && error?.message.contains("Out of memory.") == true)
            #expect(service.snapshotCalls.count == 1)
        }
    }

    @Test("throws `notFound` for a time before the ring, without a call to the service")
    func tooOld() async throws {
        try await withClient { client, camera in
            let start = try #require(camera.ringStart())
            let error = await #expect(throws: GuardianError.self) {
                try await client.picture(at: start - .milliseconds(1))
            }
            #expect(error?.code == .notFound)
            #expect(service.snapshotCalls.isEmpty)
        }
    }

    @Test(
        "throws `notFound` for a moment after what is left of a GOP larger than the ring, unless the watch has the picture",
        arguments: [false, true])
    func cut(isHeld: Bool) async throws {
        service.answer {
            $0.snapshot = { requests in
                guard isHeld, let start = requests.first?.start else {
                    throw RPCError(code: .notFound, message: "Not held.")
                }
                return .picture(at: start.mediaTime)
            }
        }
        let long = "file:" + (try footage.make("long.mp4", seconds: 60, gop: 900))
        // Some two seconds of it.
        try await withClient(from: long, ringBytes: 30_000, least: 1) { client, camera in
            let start = try #require(camera.ringStart())
            let wanted = start + .seconds(4)
            try await eventually("the GOP is cut") { camera.pictures(upTo: wanted)?.packets.isEmpty == true }
            #expect(camera.pictures(upTo: start)?.packets.count == 1, "its keyframe is still there")
            if isHeld {
                #expect(try await client.picture(at: wanted).mediaTime == wanted)
            } else {
                let error = await #expect(throws: GuardianError.self) { try await client.picture(at: wanted) }
                #expect(error?.code == .notFound)
            }
            #expect(service.snapshotCalls.map { packets(of: $0).count } == [0], "no older picture was asked for")
        }
    }

    @Test(
        "refuses a reply that is no JPEG or has an impossible size",
        arguments: [
            ([0x89, 0x50, 0x4E, 0x47], 320, 240), ([], 320, 240), ([0xFF, 0xD8, 0xFF], 0, 240),
            ([0xFF, 0xD8, 0xFF], 320, 0), ([0xFF, 0xD8, 0xFF], 16_385, 240), ([0xFF, 0xD8, 0xFF], 320, 16_385),
        ] as [([UInt8], UInt32, UInt32)])
    func noPicture(bytes: [UInt8], width: UInt32, height: UInt32) async throws {
        service.answer {
            $0.snapshot = { _ in
                .with { ($0.jpeg, $0.width, $0.height) = (Data(bytes), width, height) }
            }
        }
        try await withClient { client, _ in
            let error = await #expect(throws: GuardianError.self) { try await client.now() }
            #expect(error?.code == .internal)
        }
    }

    @Test("requests the current picture with the newest keyframe only")
    func now() async throws {
        service.answer { $0.snapshot = { requests in .picture(at: requests.first?.start.mediaTime ?? 0) } }
        try await withClient { client, _ in
            let picture = try await client.now()
            let sent = packets(of: try #require(service.snapshotCalls.first))
            #expect(sent.map(\.keyframe) == [true])
            #expect(sent.first.map { $0.pts / 90 } == picture.mediaTime.milliseconds)
        }
    }

    @Test("throws `unavailable` while the camera sends nothing, and while the service does not run")
    func unavailable() async throws {
        let link = try service.link()
        let dark = SnapshotClient(camera: try CameraSession.test(file), link: link)
        let noCamera = await #expect(throws: GuardianError.self) { try await dark.now() }
        #expect(noCamera?.code == .unavailable)
        let camera = try CameraSession.test(file)
        try await running(link) {
            try await camera.running {
                try await eventually("a picture") { camera.newestGOP() != nil }
                let client = SnapshotClient(camera: camera, link: link)
                let noService = await #expect(throws: GuardianError.self) { try await client.now() }
                #expect(noService?.code == .unavailable)
            }
        }
    }
}
