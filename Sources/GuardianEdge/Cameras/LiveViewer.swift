import Synchronization

/// The bounded queue of one live viewer. A viewer that is too slow loses its queued fragments and continues at a keyframe.
final class LiveViewer: Sendable {
    /// Most bytes of fragments in the queue.
    private static let limit = 16 << 20

    private let mailbox = Mailbox<LivePiece>()
    private let isWaitingForKeyframe = Mutex(true)
    private let onEnd: @Sendable () -> Void

    init(onEnd: @escaping @Sendable () -> Void) { self.onEnd = onEnd }

    deinit { onEnd() }

    func next() async -> LivePiece? { await mailbox.next() }

    func finish() { mailbox.finish() }

    func end() {
        mailbox.finish()
        onEnd()
    }

    /// Begins a new timeline. Queued fragments of the old one cannot be played with it and are dropped.
    func begin(_ start: LivePiece) {
        mailbox.update { items in
            isWaitingForKeyframe.withLock { $0 = true }
            items.removeAll { if case .state = $0 { false } else { true } }
            items.append(start)
        }
    }

    /// Takes no fragment until one starts with a keyframe: what comes before follows on something that was left out.
    func awaitKeyframe() { isWaitingForKeyframe.withLock { $0 = true } }

    func enqueue(_ piece: LivePiece, startsWithKeyframe: Bool) {
        guard case .fragment(let bytes) = piece else {
            mailbox.update { $0.append(piece) }
            return
        }
        mailbox.update { items in
            isWaitingForKeyframe.withLock { isWaiting in
                let waiting = items.reduce(0) { sum, item in
                    if case .fragment(let bytes) = item { sum + bytes.count } else { sum }
                }
                if waiting + bytes.count > Self.limit {
                    items.removeAll { if case .fragment = $0 { true } else { false } }
                    isWaiting = true
                }
                guard !isWaiting || startsWithKeyframe else { return }
                isWaiting = false
                items.append(piece)
            }
        }
    }
}
