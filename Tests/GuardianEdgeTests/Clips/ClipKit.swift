import Foundation
import GuardianCore
import GuardianEdge
import GuardianMedia
import GuardianStorage
import GuardianTestKit
import Logging
import Synchronization

/// A recorded camera, its clips in a folder of the test, and what the recorder reported.
final class RecordedCamera: Sendable {
    let session: CameraSession
    let store: ClipStore
    let recorder: ClipRecorder
    private let outcomes = Mutex<[ClipOutcome]>([])
    private let coverageSeen = Mutex<[Coverage]>([])

    init(
        _ session: CameraSession, folder: String,
        settings: @escaping @autoclosure @Sendable () -> RecordingSettings,
        retention: ClipRetention = .keepEverything, monotonic: any MonotonicClock = SystemMonotonicClock(),
        place: Place? = nil, emergency: EmergencyFolder? = nil,
        space: @escaping @Sendable (String) throws -> DiskSpace = { try DiskSpace(of: $0) }
    ) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let logger = LogBook().logger
        self.session = session
        store = ClipStore(
            folder: folder, keepFree: 1 << 20, retention: retention, place: place, emergency: emergency,
            monotonic: monotonic,
            logger: logger, space: space)
        recorder = ClipRecorder(
            camera: session, store: store, settings: settings(), monotonic: monotonic, logger: logger)
    }

    var opened: [Clip] { outcomes.withLock { $0.compactMap { if case .opened(let clip) = $0 { clip } else { nil } } } }
    var closed: [Clip] { outcomes.withLock { $0.compactMap { if case .closed(let clip) = $0 { clip } else { nil } } } }
    var coverage: [Coverage] { coverageSeen.withLock { $0 } }

    func path(_ clip: Clip) -> String { store.url(of: clip.id, camera: clip.camera).path }

    /// Media time of the newest packet.
    var now: MediaTime { session.newestGOP()?.packets.last?.mediaTime ?? 0 }

    /// Runs camera, store and recorder while `body` runs, and waits until they have ended.
    func running(_ body: () async throws -> Void) async throws {
        async let reading: Void = read()
        async let covering: Void = readCoverage()
        do {
            async let _: Void = session.run()
            async let _: Void = store.run()
            async let _: Void = recorder.run()
            try await body()
        }
        await reading
        await covering
    }

    private func read() async {
        for await outcome in recorder.outcomes { outcomes.withLock { $0.append(outcome) } }
    }

    private func readCoverage() async {
        for await change in store.coverage { coverageSeen.withLock { $0.append(change) } }
    }
}

extension Tool {
    /// Returns the decoding times at which a clip's `moof` boxes begin, in seconds.
    static func fragmentLengths(_ path: String) throws -> [Double] {
        let file = try [UInt8](Data(contentsOf: URL(filePath: path)))
        var starts: [Double] = []
        var place = 0
        while place + 8 <= file.count {
            let size = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            guard size >= 8 else { break }
            if Array(file[place + 4..<place + 8]) == Array("moof".utf8),
                let found = (place..<place + size - 4).first(where: { Array(file[$0..<$0 + 4]) == Array("tfdt".utf8) })
            {
                starts.append(Double(file[found + 8..<found + 16].reduce(0) { $0 << 8 | UInt64($1) }) / 90_000)
            }
            place += size
        }
        return zip(starts, starts.dropFirst()).map { $1 - $0 }
    }
}
