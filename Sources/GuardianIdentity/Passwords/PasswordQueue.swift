import Dispatch
import GuardianCore
import Synchronization

/// Runs the work on passwords outside of the cooperative pool: a few at once, because each needs memory, and a bounded number
/// of waiting ones, so that a flood of logins neither takes the machine nor waits without end.
package final class PasswordQueue: Sendable {
    /// Who goes first when there is more work than places.
    package enum Precedence: Sendable, CaseIterable {
        /// From an address from which the account was logged in to before: strangers do not keep its owner waiting.
        case known
        case unknown
    }

    private let running: Int
    private let waiting: Int
    private let threads = DispatchQueue(label: "guardian.passwords", qos: .userInitiated, attributes: .concurrent)
    private let state = Mutex(State())

    private struct State {
        var running = 0
        var nextKey = 0
        var known: [Waiter] = []
        var unknown: [Waiter] = []

        mutating func next() -> Waiter? {
            if !known.isEmpty { return known.removeFirst() }
            return unknown.isEmpty ? nil : unknown.removeFirst()
        }
    }

    private struct Waiter {
        let key: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    /// - Parameters:
    ///   - running: how many passwords are tried at once; each takes up to 64 MiB.
    ///   - waiting: how many may wait, of each precedence.
    package init(running: Int = 2, waiting: Int = 16) {
        self.running = running
        self.waiting = waiting
    }

    /// Runs `work` on a thread of its own when its turn comes.
    ///
    /// - Throws: `resourceExhausted` when too many wait; `CancellationError` when the task is cancelled while it waits; what
    ///   `work` throws.
    package func run<Value: Sendable>(
        _ precedence: Precedence, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await takePlace(precedence)
        defer { leavePlace() }
        return try await withCheckedThrowingContinuation { continuation in
            threads.async { continuation.resume(with: Result { try work() }) }
        }
    }

    /// How many wait now.
    package var waitingCount: Int { state.withLock { $0.known.count + $0.unknown.count } }

    private func takePlace(_ precedence: Precedence) async throws {
        let key = state.withLock { state in
            state.nextKey += 1
            return state.nextKey
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let now = enter(Waiter(key: key, continuation: continuation), precedence)
                if let now { continuation.resume(with: now) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                let place = state.known.firstIndex { $0.key == key }
                if let place { return Waiter?.some(state.known.remove(at: place)) }
                return state.unknown.firstIndex { $0.key == key }.map { state.unknown.remove(at: $0) }
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Takes a place or a place in the line. Returns how the wait ended if it has ended already.
    private func enter(_ waiter: Waiter, _ precedence: Precedence) -> Result<Void, any Error>? {
        state.withLock { state in
            // The cancellation handler may have run before; then it found no waiter.
            if Task.isCancelled { return .failure(CancellationError()) }
            if state.running < running {
                state.running += 1
                return .success(())
            }
            let count = precedence == .known ? state.known.count : state.unknown.count
            guard count < waiting else {
                return .failure(
                    GuardianError(
                        .resourceExhausted, "Too many people log in at this moment; try again in a few seconds."))
            }
            switch precedence {
            case .known: state.known.append(waiter)
            case .unknown: state.unknown.append(waiter)
            }
            return nil
        }
    }

    /// Gives the place to the next one who waits.
    private func leavePlace() {
        let next = state.withLock { state in
            let next = state.next()
            if next == nil { state.running -= 1 }
            return next
        }
        next?.continuation.resume()
    }
}
