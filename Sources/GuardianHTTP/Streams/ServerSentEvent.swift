import GuardianCore
import HTTPTypes
import Hummingbird

/// One event of an event stream (WHATWG HTML, 9.2).
public struct ServerSentEvent: Sendable {
    public var name: String
    /// What a browser sends back as `Last-Event-ID`; `nil` leaves its last one as it is.
    public var id: Int64?
    /// One line: JSON.
    public var data: ByteBuffer

    public init(name: String, id: Int64?, data: ByteBuffer) {
        self.name = name
        self.id = id
        self.data = data
    }

    /// As it goes over the wire.
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

    /// An event stream that tells the browser to come back after two seconds and begins at once, so that `open` fires.
    ///
    /// - Parameter produce: sends events until it is cancelled; waits while the peer is slow.
    public static func make(
        for web: WebRequest, produce: @escaping @Sendable (Pipe<ByteBuffer>) async throws -> Void
    ) -> Response {
        StreamResponse.make(
            for: web, contentType: "text/event-stream",
            heartbeat: (heartbeat, ByteBuffer(string: ": still here\n\n"))
        ) { pipe in
            try await pipe.send(ByteBuffer(string: "retry: 2000\n\n"))
            try await produce(pipe)
        }
    }

    /// The sequence after which the browser wants to go on: its `Last-Event-ID`; `nil` when it begins anew.
    ///
    /// - Throws: `invalid_argument` when it is no sequence of ours.
    public static func lastEventID(of web: WebRequest) throws -> Int64? {
        guard let name = HTTPField.Name("Last-Event-ID"), let text = web.headers[name], !text.isEmpty else {
            return nil
        }
        return try Parameter.integer(text, name: "Last-Event-ID", in: 0...(.max))
    }
}
