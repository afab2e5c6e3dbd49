import GuardianCore
import HTTPTypes

/// A refusal that only HTTP knows: its status follows from the protocol, not from a code of the platform.
struct HTTPRefusal: Error {
    var status: HTTPResponse.Status
    var code: GuardianError.Code
    var detail: String
    var headers: HTTPFields = [:]
}
