import GuardianCore
import GuardianIdentity
import Hummingbird
import Logging
import NIOCore

/// The context of one request: its id, its logger and its connection.
public struct WebContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// 16 hexadecimal digits; also in the response's `X-Request-Id`, in problem responses and in the log.
    public let requestID: String
    /// The connection of the request, or its stream on an HTTP/2 connection.
    public let channel: any Channel
    /// Whose accounts the request is about, also when there are none of that name; home at a server with one realm.
    var realm = AccountRealm.home
    /// Why no realm answers the request.
    var refusal: GuardianError?

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        requestID = String(repeating: "0", count: 16 - digits.count) + digits
        // Replaces the framework's request id by this one, so that the log has only one.
        logger[metadataKey: "hb.request.id"] = nil
        logger[metadataKey: "requestId"] = .string(requestID)
    }
}
