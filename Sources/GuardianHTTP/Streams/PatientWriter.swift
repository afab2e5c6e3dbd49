import Hummingbird
import NIOCore
import Synchronization

/// Writes to one peer. A peer that takes nothing for a minute loses its connection, so that a stalled viewer holds
/// neither an open file nor a place in a queue; players ask again from where they are.
final class PatientWriter: Sendable {
    static let patience: Duration = .seconds(60)

    private let channel: any Channel
    private let waitingSince = Mutex<ContinuousClock.Instant?>(nil)

    /// Runs `body` beside a watch over how long a single write takes.
    static func write(
        on channel: any Channel, patience: Duration = patience, to writer: inout any ResponseBodyWriter,
        _ body: (PatientWriter, inout any ResponseBodyWriter) async throws -> Void
    ) async throws {
        let patient = PatientWriter(channel: channel)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while true {
                    try await Task.sleep(for: patience / 12)
                    if patient.hasWaited(patience) {
                        channel.close(promise: nil)
                        return
                    }
                }
            }
            defer { group.cancelAll() }
            try await body(patient, &writer)
        }
    }

    private init(channel: any Channel) { self.channel = channel }

    /// Returns once the connection takes more. The hop to its event loop is what bounds the memory: without it a fast
    /// source puts piece upon piece into the loop's queue before the loop can say that the socket is full.
    func write(_ buffer: ByteBuffer, to writer: inout any ResponseBodyWriter) async throws {
        waitingSince.withLock { $0 = .now }
        defer { waitingSince.withLock { $0 = nil } }
        try await writer.write(buffer)
        try await channel.eventLoop.submit {}.get()
    }

    private func hasWaited(_ patience: Duration) -> Bool {
        guard let since = waitingSince.withLock({ $0 }) else { return false }
        return .now - since > patience
    }
}
