import GuardianCore
import Testing

import GuardianONVIF

@Suite("What is said about a camera that fails")
struct CameraFailureTests {
    @Test(
        "names the camera and what to do",
        arguments: [
            (CameraFailure.unknownHost, "check the name"), (.noRoute, "has power"),
            (.connectionRefused, "turn on ONVIF"),
            (.timedOut, "check the address"), (.connectionFailed, "restart the camera"),
            (.forbiddenAddress(.loopback), "unless loopback is allowed"),
            (.forbiddenAddress(.linkLocal), "give the camera an address"), (.forbiddenAddress(.metadata), "cloud"),
            (.redirectedAway, "use the address"), (.notONVIF("broken XML"), "broken XML"),
            (.answerTooLarge, "firmware"),
            (.passwordNeeded, "give the name and password"), (.wrongPassword, "users of their own for ONVIF"),
            (.clockWrong(seconds: 90_000), "25 hours fast"), (.clockWrong(seconds: -600), "10 minutes slow"),
            (.clockWrong(seconds: .min), "years slow"), (.clockWrong(seconds: -864_000), "10 days slow"),
            (.clockWrong(seconds: nil), "does not tell its time"),
            (.locked, "wait half an hour"), (.clearTextNeeded, "allow it for this camera"),
            (.notPermitted, "rights of an operator"), (.fault("No such profile"), "No such profile"),
        ])
    func words(_ failure: CameraFailure, _ words: String) {
        let error = failure.error("192.168.1.20:8000")
        #expect(error.message.contains("192.168.1.20:8000"))
        #expect(error.message.contains(words), "\(error.message)")
        #expect(error.cause as? CameraFailure == failure)
        // A lock and a wrong password must not be retried by themselves.
        if [.locked, .wrongPassword, .clearTextNeeded].contains(failure) { #expect(!error.isRetryable) }
    }
}
