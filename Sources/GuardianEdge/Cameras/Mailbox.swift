import Synchronization

/// A queue between senders on any thread and one receiving task. It has no limit of its own: the sender decides in `update`
/// what is dropped.
final class Mailbox<Element: Sendable>: Sendable {
    private struct State {
        var items: [Element] = []
        var waiter: CheckedContinuation<Void, Never>?
        var isFinished = false
    }

    private let state = Mutex(State())

    /// Changes the queued items: appends new ones and removes stale ones. Has no effect once the mailbox is finished.
    func update(_ change: (inout [Element]) -> Void) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.isFinished else { return nil }
            change(&state.items)
            guard !state.items.isEmpty else { return nil }
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// Accepts no more items; queued ones can still be taken.
    func finish() {
        state.withLock { state in
            state.isFinished = true
            return state.waiter.take()
        }?.resume()
    }

    /// Takes all queued items without waiting. `onTaking` runs before anything more can be sent.
    func drain(onTaking: () -> Void = {}) -> [Element] {
        state.withLock { state in
            onTaking()
            defer { state.items = [] }
            return state.items
        }
    }

    /// Takes the oldest item; waits for one. Returns `nil` once it is finished and empty, or when the task is cancelled. Only
    /// one task at a time may wait.
    func next(onTaking: @Sendable (Element) -> Void = { _ in }) async -> Element? {
        await wait { items in
            guard !items.isEmpty else { return nil }
            let item = items.removeFirst()
            onTaking(item)
            return item
        }
    }

    /// Takes all queued items; waits for at least one. Returns `nil` once it is finished and empty, or when the task is
    /// cancelled.
    func nextBatch(onTaking: @Sendable () -> Void = {}) async -> [Element]? {
        await wait { items in
            guard !items.isEmpty else { return nil }
            onTaking()
            defer { items = [] }
            return items
        }
    }

    /// Waits until there are items, and takes none. For a reader that drains on the actor where it also processes the items,
    /// so that no later item is processed before them. Returns `false` once it is finished and empty, or when the task is
    /// cancelled.
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
