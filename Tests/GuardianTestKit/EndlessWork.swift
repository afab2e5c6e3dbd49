/// Work that ignores cancellation, as a transport that hangs does, until the test releases it.
public struct EndlessWork: Sendable {
    private let begun: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)
    private let released: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation)

    public init() {
        begun = AsyncStream.makeStream()
        released = AsyncStream.makeStream()
    }

    /// Ends after `release`. For one call.
    public func run() async {
        begun.continuation.finish()
        // A task of its own is not cancelled with the one that awaits it.
        await Task { [stream = released.stream] in for await _ in stream {} }.value
    }

    /// Waits until `run` was called. For one waiter.
    public func begin() async { for await _ in begun.stream {} }

    public func release() { released.continuation.finish() }
}
