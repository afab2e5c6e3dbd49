import Foundation
import GuardianCore
import GuardianHTTP
import GuardianOperations
import GuardianWire
import NIOCore

/// A camera's live view on its way through the node. It is asked for again whenever it ends, and says why meanwhile, so that the
/// other cameras of a page go on.
actor RelayedLive {
    typealias Ask = @Sendable (_ edge: Hash256) async throws -> RelayExchange

    private static let backoff = Backoff(base: .seconds(1), limit: .seconds(10))
    /// An answer that lasts so long counts as a success.
    private static let settled: Duration = .seconds(10)
    /// Most bytes of a record of the camera's state.
    private static let mostOfState = 4_096

    private let device: @Sendable () -> Hash256?
    private let ask: Ask
    private let clock: any WallClock
    private let monotonic: any MonotonicClock
    private var exchange: RelayExchange?
    private var beganAt: ContinuousClock.Instant?
    private var reader = LiveRecordReader()
    private var failures = 0

    /// - Parameters:
    ///   - device: whose the camera is now.
    ///   - ask: asks that edge for the live view.
    init(
        device: @escaping @Sendable () -> Hash256?, ask: @escaping Ask, clock: any WallClock,
        monotonic: any MonotonicClock
    ) {
        self.device = device
        self.ask = ask
        self.clock = clock
        self.monotonic = monotonic
    }

    // Nobody watches any more, so the edge need not go on.
    deinit { exchange?.pipe.close() }

    /// Returns the next record; `nil` when the task is cancelled.
    func next() async -> LiveRecord? {
        while !Task.isCancelled {
            do {
                if exchange == nil, failures > 0 { try await monotonic.sleep(for: Self.backoff.delay(after: failures)) }
                if let record = try await nextOfAnswer() { return record }
                throw GuardianError(.unavailable, "The recorder ended the live view.")
            } catch {
                exchange?.pipe.close()
                exchange = nil
                if Task.isCancelled { return nil }
                if let began = beganAt.take(), monotonic.elapsed(since: began) >= Self.settled { failures = 0 }
                failures += 1
                let reason = GuardianError.wrap(error, "The live view was interrupted.").message
                // Said once, then only waited for.
                if failures == 1,
                    let record = CameraStateRecord(.lost, since: clock.now(), reason: reason).record
                {
                    return record
                }
            }
        }
        return nil
    }

    private func nextOfAnswer() async throws -> LiveRecord? {
        if exchange == nil {
            guard let edge = device() else {
                throw GuardianError(.unavailable, "The camera's recorder does not let people watch from here now.")
            }
            reader = LiveRecordReader()
            exchange = try await ask(edge)
            beganAt = monotonic.now()
        }
        while true {
            if let record = try reader.next() {
                guard device() == exchange?.device else {
                    throw GuardianError(.unavailable, "The camera is another recorder's now, or nobody may watch it.")
                }
                return try Self.checked(record)
            }
            guard let piece = await exchange?.pipe.receive() else { return nil }
            reader.append(piece)
        }
    }

    /// Returns a record as pages may have it: what an edge says of its camera's state is text of a peer.
    private static func checked(_ record: LiveRecord) throws -> LiveRecord {
        guard case .state(let json) = record else { return record }
        guard json.readableBytes <= mostOfState,
            var state = try? JSONDecoder().decode(CameraStateRecord.self, from: Data(buffer: json))
        else { throw GuardianError(.dataLoss, "The live view cannot be read.") }
        state.reason = state.reason.map { PeerText.bounded($0) }
        return state.record ?? record
    }
}
