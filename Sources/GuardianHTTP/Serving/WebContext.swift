import Hummingbird
import Logging
import NIOCore

/// What travels with one request: its id, its logger, its connection.
public struct WebContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// 16 hexadecimal digits; stands in the answer's `X-Request-Id`, in its problem and in the log.
    public let requestID: String
    /// The connection that the request came on.
    public let channel: any Channel

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        requestID = String(repeating: "0", count: 16 - digits.count) + digits
        // One id a request, under our own name; the framework's is a second one of the same meaning.
        logger[metadataKey: "hb.request.id"] = nil
        logger[metadataKey: "requestId"] = .string(requestID)
    }
}
