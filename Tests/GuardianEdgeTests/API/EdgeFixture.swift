import Foundation
import GuardianCore
import GuardianEdge
import GuardianHTTP
import GuardianIdentity
import GuardianJournal
import GuardianOperations
import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization
import Testing

/// An edge's API over a real journal and real files, with one camera, `front`, that plays three fragments.
final class EdgeFixture: Sendable {
    let folder: URL
    let journal: Journal
    let camera = CameraID.v7(at: Timestamp(milliseconds: 1_790_000_000_000))
    let start = Timestamp(milliseconds: 1_790_000_000_000)
    let alias: CameraAlias
    let cameraIsLive = Mutex(true)
    private let monotonic: any MonotonicClock

    init(monotonic: any MonotonicClock = SystemMonotonicClock()) throws {
        self.monotonic = monotonic
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        alias = try #require(CameraAlias("front"))
        journal = try Journal(path: folder.appending(path: "edge.sqlite").path, key: DeviceKey())
    }

    deinit {
        try? journal.close()
        try? FileManager.default.removeItem(at: folder)
    }

    var sources: EdgeSources {
        let folder = folder
        return EdgeSources(
            journal: journal, cameras: [self.source],
            clipFile: { clip in
                let path = folder.appending(path: "\(clip.id).mp4").path
                guard let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64 else {
                    throw GuardianError(.notFound, "The clip's file is gone.")
                }
                return ClipFileExtent(path: path, length: size)
            },
            snapshotFile: { event, _ in folder.appending(path: "\(event.id).jpg").path },
            status: { throw GuardianError(.unavailable, "The edge is starting.") },
            readiness: { Readiness(reasons: []) }, monotonic: monotonic)
    }

    private var source: CameraSource {
        CameraSource(
            id: camera, alias: alias,
            view: { self.view },
            snapshot: {
                guard self.cameraIsLive.withLock({ $0 }) else {
                    throw GuardianError(.unavailable, "Front door sends no picture.")
                }
                return [0xFF, 0xD8, 0xFF, 0xD9]
            },
            live: {
                let (records, continuation) = AsyncStream.makeStream(of: LiveRecord.self)
                guard self.cameraIsLive.withLock({ $0 }) else {
                    continuation.finish()
                    return records
                }
                continuation.yield(.start(codecs: "avc1.64001f", initSegment: Array("init".utf8)))
                for number in 1...3 { continuation.yield(.fragment(Array("fragment\(number)".utf8))) }
                continuation.finish()
                return records
            },
            test: {
                CameraTestView(ok: true, tookMs: 120, codec: "h264", width: 1920, height: 1080, reason: nil)
            })
    }

    private var view: CameraView {
        CameraView(
            id: alias, cameraId: camera, name: "Front door", state: .live, since: start, fps: 15, bitrate: 3_000_000,
            width: 1920, height: 1080, codec: "avc1.64001f", lastPacketAt: start, lastFailure: nil, reconnects: 0,
            recording: false, person: false, watch: .quiet)
    }

    func test<Value>(
        gate: Gate = .open, _ body: @Sendable (any TestClientProtocol) async throws -> Value
    ) async throws -> Value {
        try await server(gate: gate).application.test(.router, body)
    }

    /// The accounts of a new installation, whose passwords cost next to nothing.
    func accounts() async throws -> WebAccounts {
        try await WebAccounts.open(
            IdentityFiles(folder: folder.path), page: "https://localhost", cost: PasswordCost(passes: 1, memory: 8),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// - Parameter changed: what a test has otherwise than `sources`.
    func server(
        _ changed: EdgeSources? = nil, gate: Gate = .open, accounts: WebAccounts? = nil,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws -> WebServer {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try EdgeAPI.server(
            changed ?? sources, address: ListenAddress(host: "127.0.0.1", port: 0), gate: gate, accounts: accounts,
            pages: nil, metrics: MetricsRegistry(), logger: logger, onListening: onListening)
    }

    // MARK: Events

    /// Appends an open event that began so many seconds after `start`.
    func event(at seconds: Int64) -> Event {
        let time = start + seconds * 1000
        return Event(
            id: .v7(at: time), camera: camera, label: .person, state: .open, confidence: 0.9,
            box: Box(x: 0.25, y: 0.25, width: 0.125, height: 0.5), startedAt: time, endedAt: time + 2000,
            path: [PathPoint(offset: 0, box: Box(x: 0.25, y: 0.25, width: 0.125, height: 0.5))])
    }

    func clip(at seconds: Int64, state: Clip.State, bytes: [UInt8], kind: Clip.Kind = .event) throws -> Clip {
        let id = ClipID.v7(at: start + seconds * 1000)
        try Data(bytes).write(to: folder.appending(path: "\(id).mp4"))
        return Clip(
            id: id, camera: camera, state: state, startedAt: start + seconds * 1000, duration: 4000,
            size: Int64(bytes.count), sha256: state == .recording ? nil : .sha256(of: bytes),
            contentType: "video/mp4; codecs=\"avc1.64001f\"", missingPackets: 0, kind: kind)
    }

    func open(_ event: Event) async throws {
        try await journal.append([.eventOpened(event, Self.judgement)], at: event.startedAt)
    }

    private static var judgement: Judgement {
        Judgement(software: "guardian test", model: .sha256(of: [1]), thresholds: [:], clock: .unknown)
    }
}

func json(_ response: TestResponse) throws -> [String: Any] {
    #expect(response.status == .ok)
    #expect(response.headers[.contentType] == "application/json")
    return try #require(try JSONSerialization.jsonObject(with: Data(buffer: response.body)) as? [String: Any])
}

func problem(_ response: TestResponse) throws -> Problem {
    #expect(response.headers[.contentType] == "application/problem+json")
    return try JSONDecoder().decode(Problem.self, from: Data(buffer: response.body))
}

extension TestClientProtocol {
    func executeRequest(uri: String, method: HTTPRequest.Method) async throws -> TestResponse {
        try await executeRequest(uri: uri, method: method, headers: [:], body: nil)
    }

    func get(_ uri: String, headers: HTTPFields = [:]) async throws -> TestResponse {
        try await executeRequest(uri: uri, method: .get, headers: headers, body: nil)
    }
}
