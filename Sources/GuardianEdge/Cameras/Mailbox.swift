import Synchronization

/// A queue between a sender on any thread and one task that takes. Who sends decides what goes when it is full.
final class Mailbox<Element: Sendable>: Sendable {
    private struct State {
        var items: [Element] = []
        var waiter: CheckedContinuation<Void, Never>?
        var isFinished = false
    }

    private let state = Mutex(State())

    /// Changes what waits: appends, and throws out what is stale. Nothing happens once it is finished.
    func update(_ change: (inout [Element]) -> Void) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.isFinished else { return nil }
            change(&state.items)
            guard !state.items.isEmpty else { return nil }
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// Nothing more comes; what waits may still be taken.
    func finish() {
        state.withLock { state in
            state.isFinished = true
            return state.waiter.take()
        }?.resume()
    }

    /// All that waits, at once, without waiting for more; `onTaking` runs before anything more can be sent.
    func drain(onTaking: () -> Void = {}) -> [Element] {
        state.withLock { state in
            onTaking()
            defer { state.items = [] }
            return state.items
        }
    }

    /// The oldest; `nil` once it is finished and empty, or when the task is cancelled. One task at a time.
    func next(onTaking: @Sendable (Element) -> Void = { _ in }) async -> Element? {
        await wait { items in
            guard !items.isEmpty else { return nil }
            let item = items.removeFirst()
            onTaking(item)
            return item
        }
    }

    /// All that waits, at least one; `nil` once it is finished and empty, or when the task is cancelled.
    func nextBatch(onTaking: @Sendable () -> Void = {}) async -> [Element]? {
        await wait { items in
            guard !items.isEmpty else { return nil }
            onTaking()
            defer { items = [] }
            return items
        }
    }

    /// Waits until something is there, and takes nothing: for a reader that takes (`drain`) where it also acts, so that
    /// nobody overtakes what was taken and is still on its way. `false` once it is finished and empty, or when the task
    /// is cancelled.
    func awaitItems() async -> Bool {
        await wait { items in items.isEmpty ? nil : true } ?? false
    }

    private func wait<Taken: Sendable>(_ take: @Sendable (inout [Element]) -> Taken?) async -> Taken? {
        while !Task.isCancelled {
            let (taken, isFinished) = state.withLock { (take(&$0.items), $0.isFinished) }
            if let taken { return taken }
            if isFinished { return nil }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isReady = state.withLock { state -> Bool in
                        guard state.items.isEmpty, !state.isFinished, !Task.isCancelled else { return true }
                        state.waiter = continuation
                        return false
                    }
                    if isReady { continuation.resume() }
                }
            } onCancel: {
                state.withLock { $0.waiter.take() }?.resume()
            }
        }
        return nil
    }
}
