import Synchronization

/// A bounded queue between the producers of a stream's pieces and the single task that writes them. Senders wait while
/// it is full; nothing is dropped.
public final class Pipe<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var isClosed = false
        var receiver: CheckedContinuation<Void, Never>?
        var senders: [CheckedContinuation<Void, Never>] = []
    }

    private enum Outcome { case sent(CheckedContinuation<Void, Never>?), full, closed }

    private let capacity: Int
    private let state = Mutex(State())

    public init(capacity: Int) { self.capacity = max(1, capacity) }

    /// Appends the element; waits while the pipe is full.
    ///
    /// - Throws: `CancellationError` when the pipe is closed.
    public func send(_ element: Element) async throws {
        while true {
            let outcome: Outcome = state.withLock { state in
                guard !state.isClosed else { return .closed }
                guard state.elements.count < capacity else { return .full }
                state.elements.append(element)
                return .sent(state.receiver.take())
            }
            switch outcome {
            case .sent(let receiver):
                receiver?.resume()
                return
            case .closed:
                throw CancellationError()
            case .full:
                await waitForRoom()
            }
        }
    }

    /// Appends the element if there is room, and returns whether it did.
    public func offer(_ element: Element) -> Bool {
        let (isAppended, receiver): (Bool, CheckedContinuation<Void, Never>?) = state.withLock { state in
            guard !state.isClosed, state.elements.count < capacity else { return (false, nil) }
            state.elements.append(element)
            return (true, state.receiver.take())
        }
        receiver?.resume()
        return isAppended
    }

    /// Returns the next element; `nil` once the pipe is closed and empty, or the task is cancelled. Only one task may
    /// receive.
    public func receive() async -> Element? {
        await withTaskCancellationHandler {
            while true {
                let (element, isClosed, senders) = state.withLock { state in
                    let element = state.elements.isEmpty ? nil : state.elements.removeFirst()
                    let senders = element == nil ? [] : state.senders
                    if element != nil { state.senders = [] }
                    return (element, state.isClosed, senders)
                }
                for sender in senders { sender.resume() }
                if let element { return element }
                if isClosed { return nil }
                await waitForElement()
            }
        } onCancel: {
            close()
        }
    }

    public var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Closes the pipe. Elements in it can still be received; waiting tasks resume.
    public func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            let waiting = state.senders + [state.receiver.take()].compactMap(\.self)
            state.senders = []
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    private func waitForRoom() async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.isClosed || state.elements.count < capacity { return true }
                state.senders.append(continuation)
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    private func waitForElement() async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.isClosed || !state.elements.isEmpty { return true }
                state.receiver = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }
}
