import GuardianCore
import HTTPTypes

/// A refusal whose status is defined by HTTP and does not follow from a `GuardianError` code.
struct HTTPRefusal: Error {
    var status: HTTPResponse.Status
    var code: GuardianError.Code
    var detail: String
    var headers: HTTPFields = [:]
    /// What is wrong with single members of the body.
    var fields: [FieldError] = []
}
