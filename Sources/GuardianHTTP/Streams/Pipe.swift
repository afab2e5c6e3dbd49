import Synchronization

/// A bounded queue between those who make the pieces of a stream and the one who writes them: makers wait while it is
/// full, nothing is dropped in it.
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

    /// Waits for room and puts the element in.
    ///
    /// - Throws: `CancellationError` once the pipe is closed: nobody will read it.
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

    /// Puts the element in when there is room; otherwise says no.
    public func offer(_ element: Element) -> Bool {
        let (taken, receiver): (Bool, CheckedContinuation<Void, Never>?) = state.withLock { state in
            guard !state.isClosed, state.elements.count < capacity else { return (false, nil) }
            state.elements.append(element)
            return (true, state.receiver.take())
        }
        receiver?.resume()
        return taken
    }

    /// The next element; `nil` once the pipe is closed and empty, or the task is cancelled. For one reader.
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

    /// No more elements: what is in it can still be read, whoever waits goes on.
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
            let goesOn = state.withLock { state in
                if state.isClosed || state.elements.count < capacity { return true }
                state.senders.append(continuation)
                return false
            }
            if goesOn { continuation.resume() }
        }
    }

    private func waitForElement() async {
        await withCheckedContinuation { continuation in
            let goesOn = state.withLock { state in
                if state.isClosed || !state.elements.isEmpty { return true }
                state.receiver = continuation
                return false
            }
            if goesOn { continuation.resume() }
        }
    }
}
