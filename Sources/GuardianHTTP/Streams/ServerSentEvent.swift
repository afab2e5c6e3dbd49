import GuardianCore
import HTTPTypes
import Hummingbird

/// One event of an event stream (WHATWG HTML, 9.2).
public struct ServerSentEvent: Sendable {
    public var name: String
    /// The id that a browser sends back as `Last-Event-ID`; `nil` leaves the browser's last id unchanged.
    public var id: String?
    /// JSON on one line.
    public var data: ByteBuffer

    public init(name: String, id: String?, data: ByteBuffer) {
        self.name = name
        self.id = id
        self.data = data
    }

    /// The encoded event.
    public var bytes: ByteBuffer {
        var bytes = ByteBuffer()
        if let id { bytes.writeString("id: \(id)\n") }
        bytes.writeString("event: \(name)\ndata: ")
        bytes.writeImmutableBuffer(data)
        bytes.writeString("\n\n")
        return bytes
    }
}

/// Event streams.
public enum EventStream {
    static let heartbeat: Duration = .seconds(15)

    /// Makes an event stream. It tells the browser to reconnect after two seconds. That field is sent at once, so that
    /// the browser fires `open`.
    ///
    /// - Parameter produce: sends events until it is cancelled; `send` waits while the peer is slow.
    public static func make(
        for web: WebRequest, monotonic: any MonotonicClock = SystemMonotonicClock(),
        produce: @escaping @Sendable (Pipe<ByteBuffer>) async throws -> Void
    ) -> Response {
        StreamResponse.make(
            for: web, contentType: "text/event-stream",
            heartbeat: (heartbeat, ByteBuffer(string: ": still here\n\n")), monotonic: monotonic
        ) { pipe in
            try await pipe.send(ByteBuffer(string: "retry: 2000\n\n"))
            try await produce(pipe)
        }
    }

    /// Returns the id after which the browser resumes: its `Last-Event-ID`, a number or an encrypted one; `nil` for a new stream.
    ///
    /// - Throws: `invalid_argument` when it is neither.
    public static func lastEventID(of web: WebRequest) throws -> String? {
        guard let name = HTTPField.Name("Last-Event-ID"), let text = web.headers[name], !text.isEmpty else {
            return nil
        }
        if text.utf8.count != EventPositionSeal.digits || Base64URL.decode(text.utf8) == nil {
            _ = try Parameter.integer(text, name: "Last-Event-ID", in: 0...(.max))
        }
        return text
    }
}
