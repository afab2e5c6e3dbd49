import GuardianHTTP

extension EdgeStatus.Supervision {
    init(
        state: EdgeState, components: EdgeComponents, cameras: CameraRegistry, damage: DamageGuard,
        refusals: [RefusedSection]
    ) {
        self.init()
        self.refusals = refusals
        restarts = { components.child.value?.state.restarts ?? 0 }
        self.components = {
            components.states.map { name, state in
                let phase: ComponentView.State =
                    switch state.phase {
                    case .starting: .starting
                    case .running: .running
                    case .failing: .failing
                    }
                return ComponentView(
                    name: name, state: phase, since: state.since, reason: state.reason, failures: state.failures)
            }
        }
        picturesAway = { state.snapshots.awayReason }
        self.damage = { [damage, components.archive?.value?.damage].compactMap { $0?.problem } }
        certificates = { components.certificateProblems }
        room = { StateRoom(of: state.folder).problems() }
        cameraSettings = { cameras.settings.problems }
        settings = { state.settings.problems }
        expiry = { state.expiry.problems }
        telemetry = { components.telemetryProblems }
        relay = { components.relayProblems }
        keepDays = { state.settings.recording.keepDays }
        nodeAddress = components.nodeAddress
        isArchiving = { !state.settings.recipients.isEmpty }
        setAside = { DamagedDatabase.found(in: state.folder.path) }
    }
}
