import GuardianIdentity
import HTTPTypes
import Hummingbird

extension RequestOrigin {
    /// Where a request comes from: the address of its connection, and its `User-Agent`.
    init(_ request: Request, _ context: WebContext) {
        self.init(
            address: context.channel.remoteAddress?.ipAddress ?? "local", agent: request.headers[.userAgent] ?? "")
    }
}
