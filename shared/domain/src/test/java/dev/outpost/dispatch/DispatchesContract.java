package dev.outpost.dispatch;

import org.junit.jupiter.api.TestInstance;

/**
 * What every implementation of {@link Dispatches} does. The store may be shared by all tests: each
 * has a tenant and an agent of its own.
 *
 * <p>Lists, work lists and counts may lag behind by the port's contract; an implementation that
 * does must wait in its own test before it answers.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class DispatchesContract
    implements AdmissionContract,
        ChangeContract,
        SlotsContract,
        WorkspaceLocksContract,
        ListingContract,
        WorkContract {}
