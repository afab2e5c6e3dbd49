import GuardianCore
import Hummingbird

/// Live pictures over chunked answers.
public enum LiveResponse {
    /// Cameras in one answer at most: their place must fit the interface's grid.
    public static let limit = 16

    /// `/api/v1/live`: records of all the cameras, as they come.
    public static func grid(for web: WebRequest, cameras: [LiveCamera]) -> Response {
        StreamResponse.make(for: web, contentType: "application/octet-stream") { pipe in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (place, camera) in cameras.enumerated() {
                    group.addTask {
                        for await record in try await camera.records() {
                            try await pipe.send(record.bytes(camera: UInt8(place)))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    /// `live.mp4`: one camera as a fragmented mp4 that goes on; it ends when the camera's picture changes its form.
    ///
    /// - Throws: `unavailable` when no picture comes within `patience`.
    public static func single(
        for web: WebRequest, camera: LiveCamera, patience: Duration = .seconds(5)
    ) async throws -> Response {
        let records = try await camera.records()
        guard let first = try await start(of: records, within: patience) else {
            throw GuardianError(
                .unavailable,
                "\(camera.alias) sends no picture now: its state stands in /api/v1/cameras/\(camera.alias).")
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
        of records: AsyncStream<LiveRecord>, within patience: Duration
    ) async throws -> [UInt8]? {
        try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                for await record in records {
                    if case .start(_, let initSegment) = record { return initSegment }
                }
                return nil
            }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
