import GuardianCore

/// A source of packets: a camera over RTSP, or a file.
///
/// Its calls block and must be made from one thread. Only `interruption` may be used from other threads.
public protocol VideoSource: AnyObject {
    /// Ends `open` and `next` from any thread.
    var interruption: Interruption { get }

    /// Connects and returns the stream's description.
    ///
    /// - Throws: `GuardianError`; `unavailable` and `deadlineExceeded` are worth a retry, other codes are not.
    func open() throws -> StreamDescription

    /// Returns the next packet or a change of the stream; `nil` at the end.
    func next() throws -> SourceItem?

    /// UTC of media time 0 by the camera's own, unverified clock, from RTCP sender reports; `nil` before the first
    /// report and for files.
    var zeroTime: Timestamp? { get }

    /// What is wrong with the source's timestamps, which are put right; `nil` when nothing is, and for files.
    var timestampFault: TimestampFault? { get }

    /// libav's names of the streams that are not read, such as audio other than AAC.
    var droppedStreams: [String] { get }

    /// Closes the connection or file. It may be opened again.
    func close()
}

extension VideoSource {
    public var timestampFault: TimestampFault? { nil }
}

/// One item that a source yields.
public enum SourceItem: Sendable {
    case packet(Packet)
    /// Resolution or parameter sets change with the next packet, which is a keyframe.
    case changed(StreamDescription)
}
