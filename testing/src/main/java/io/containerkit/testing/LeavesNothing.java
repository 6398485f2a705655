package io.containerkit.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.commons.support.AnnotationSupport;

/// Each test of the class leaves no [Residue]. It is looked for after the test's own clean-up, and files in its temporary directories.
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LeavesNothing.Watch.class)
public @interface LeavesNothing {

  /// Remembers what is there before, and compares after.
  final class Watch implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback {

    private static final ExtensionContext.Namespace OWN = ExtensionContext.Namespace.create(Watch.class);

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
      Residue.warmUp();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
      context.getStore(OWN).put(Residue.class, Residue.watch(temporary(context)));
    }

    @Override
    public void afterEach(ExtensionContext context) {
      Objects.requireNonNull(context.getStore(OWN).remove(Residue.class, Residue.class), "made before each test").close();
    }

    private static Set<Path> temporary(ExtensionContext context) {
      Class<?> test = context.getRequiredTestClass();
      Set<Path> directories = new LinkedHashSet<>(AnnotationSupport.findAnnotatedFieldValues(test, TempDir.class, Path.class));
      context
          .getTestInstance()
          .ifPresent(instance -> directories.addAll(AnnotationSupport.findAnnotatedFieldValues(instance, TempDir.class, Path.class)));
      directories.removeIf(Objects::isNull);
      return directories;
    }
  }
}
