package io.containerkit.engine;

import io.containerkit.linux.Allowance;
import io.containerkit.spec.EngineException;
import io.containerkit.spec.ErrorKind;
import io.containerkit.spec.ProcessSpec;
import io.containerkit.spec.Spec;
import java.util.ArrayList;
import java.util.List;

/// A specification that asks for no more than this process may give: runtimes refuse one that does, and some without saying why.
///
/// @param adjustments what it asks for otherwise than the specification that it was made from
record FittedSpec(Spec spec, List<Adjustment> adjustments) {

  private static final String OOM = "protection from the OOM killer needs CAP_SYS_RESOURCE";

  /// A specification that was not looked at: somebody else's.
  static FittedSpec asItIs(Spec spec) {
    return new FittedSpec(spec, List.of());
  }

  static FittedSpec of(String id, Spec spec) {
    ProcessSpec process = spec.process();
    if (process == null || (process.rlimits().isEmpty() && process.oomScoreAdj() == null)) {
      return asItIs(spec);
    }
    List<Adjustment> adjustments = new ArrayList<>();
    ProcessSpec.Builder to = process.toBuilder().rlimits(FittedProcess.rlimits(process.rlimits(), "/process", adjustments));
    Integer score = process.oomScoreAdj();
    if (score != null) {
      to.oomScoreAdj(oomScoreAdj(id, score, adjustments));
    }
    return new FittedSpec(adjustments.isEmpty() ? spec : spec.toBuilder().process(to.build()).build(), List.copyOf(adjustments));
  }

  private static int oomScoreAdj(String id, int wanted, List<Adjustment> adjustments) {
    int given;
    try {
      given = Allowance.oomScoreAdj(wanted);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(ErrorKind.CANCELLED, id, "container \"" + id + "\": the caller was interrupted", e);
    }
    if (given != wanted) {
      adjustments.add(
          new Adjustment("/process/oomScoreAdj", "oom_score_adj", Integer.toString(wanted), Integer.toString(given), OOM));
    }
    return given;
  }
}
