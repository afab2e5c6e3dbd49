import GuardianCore

/// Where packets come from: a camera over RTSP, or a file.
///
/// A source belongs to one thread: its calls block and are not safe to make from two. Only `interruption` may be used
/// from elsewhere.
public protocol VideoSource: AnyObject {
    /// Ends `open` and `next` from any thread.
    var interruption: Interruption { get }

    /// Connects and says what comes. Throws `GuardianError`: `unavailable` and `deadlineExceeded` may pass by
    /// themselves, other codes need someone to change something.
    func open() throws -> StreamDescription

    /// The next packet, or that the stream changed; `nil` at the end.
    func next() throws -> SourceItem?

    /// UTC of media time 0 by the camera's own clock, once it has told it (RTCP sender reports); `nil` until then and for
    /// files. Nobody has checked that clock.
    var zeroTime: Timestamp? { get }

    /// Libav's names of the streams that are there and left out, such as sound that is no AAC.
    var droppedStreams: [String] { get }

    /// Lets go of the connection or file. It may be opened again.
    func close()
}

/// What a source yields.
public enum SourceItem: Sendable {
    case packet(Packet)
    /// From the next packet on, which is a keyframe, the stream is another: resolution or parameter sets changed.
    case changed(StreamDescription)
}
