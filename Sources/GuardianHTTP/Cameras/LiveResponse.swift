import Foundation
import GuardianCore
import Hummingbird
import Synchronization

/// Live views as chunked responses.
public enum LiveResponse {
    /// The most cameras in one response: the grid of the Web UI shows 16.
    public static let limit = 16

    /// Makes the response of `/api/v1/live`: the records of all the cameras as they arrive.
    public static func grid(for web: WebRequest, cameras: [LiveCamera]) -> Response {
        StreamResponse.make(for: web, contentType: "application/octet-stream") { pipe in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, camera) in cameras.enumerated() {
                    group.addTask {
                        for await record in try await camera.records() {
                            try await pipe.send(record.bytes(camera: UInt8(index)))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// Makes the response of `live.mp4`: one camera as an endless fragmented MP4. It ends when the camera's codec
    /// parameters change.
    ///
    /// - Throws: `unavailable` when the init segment does not arrive within `timeout`, with the reason if the records say one.
    public static func single(
        for web: WebRequest, camera: LiveCamera, timeout: Duration = .seconds(5),
        monotonic: any MonotonicClock = SystemMonotonicClock()
    ) async throws -> Response {
        let records = try await camera.records()
        let reason = Mutex<String?>(nil)
        let first = try await start(of: records, within: timeout, monotonic) { state in
            reason.withLock { $0 = state.reason }
        }
        guard let first else {
            throw GuardianError(
                .unavailable,
                "\(camera.alias) sends no video now: "
                    + (reason.withLock { $0 } ?? "see its state at /api/v1/cameras/\(camera.alias)."))
        }
        return StreamResponse.make(for: web, contentType: "video/mp4") { pipe in
            try await pipe.send(ByteBuffer(bytes: first))
            for await record in records {
                switch record {
                case .fragment(let bytes): try await pipe.send(ByteBuffer(bytes: bytes))
                case .start: return
                case .state: continue
                }
            }
        }
    }

    private static func start(
        of records: AsyncStream<LiveRecord>, within timeout: Duration, _ monotonic: any MonotonicClock,
        note: @escaping @Sendable (CameraStateRecord) -> Void
    ) async throws -> [UInt8]? {
        try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                for await record in records {
                    switch record {
                    case .start(_, let initSegment): return initSegment
                    case .state(let json):
                        if let state = try? JSONDecoder().decode(CameraStateRecord.self, from: Data(buffer: json)) {
                            note(state)
                        }
                    case .fragment: continue
                    }
                }
                return nil
            }
            group.addTask {
                try await monotonic.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
