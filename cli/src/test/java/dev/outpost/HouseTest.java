package dev.outpost;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The rooms of the house, and which door leads where. */
class HouseTest {
  private static final String[] DOMAIN = {
    "dev.outpost",
    "dev.outpost.agent..",
    "dev.outpost.audit..",
    "dev.outpost.claim..",
    "dev.outpost.dispatch..",
    "dev.outpost.fleet..",
    "dev.outpost.launch..",
    "dev.outpost.promote..",
    "dev.outpost.reconcile..",
    "dev.outpost.relay..",
    "dev.outpost.run..",
    "dev.outpost.tenant..",
    "dev.outpost.webhook..",
    "dev.outpost.workspace.."
  };

  private static final String[] ADAPTERS = {
    "dev.outpost.dynamodb..",
    "dev.outpost.ecs..",
    "dev.outpost.edge..",
    "dev.outpost.embedded..",
    "dev.outpost.items..",
    "dev.outpost.protocol..",
    "dev.outpost.s3..",
    "dev.outpost.schema..",
    "dev.outpost.secrets..",
    "dev.outpost.sqs.."
  };

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.outpost");

  @Test
  void everyRoomIsKnownHere() {
    assertThat(HOUSE.stream().map(type -> type.getPackageName()).distinct())
        .isNotEmpty()
        .allMatch(
            name ->
                name.matches(
                    "dev\\.outpost(\\.(agent|audit|claim|dispatch|fleet|launch|promote|reconcile|relay|run"
                        + "|tenant|webhook|workspace|dynamodb|ecs|edge|embedded|eventbridge|items|protocol|s3|schema|secrets|sqs"
                        + "|functions|runner|machine|simulation|lambda|cli)(\\..*)?)?"));
  }

  @Test
  void theDomainIsPlainJava() {
    String[] allowed = new String[DOMAIN.length + 2];
    System.arraycopy(DOMAIN, 0, allowed, 0, DOMAIN.length);
    allowed[DOMAIN.length] = "java..";
    allowed[DOMAIN.length + 1] = "javax.crypto..";
    classes()
        .that()
        .resideInAnyPackage(DOMAIN)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .check(HOUSE);
  }

  @Test
  void whatTheRunnerSharesWithUsIsTheRunItsProtocolAndTheSchemaOfItsOutput() {
    classes()
        .that()
        .resideInAPackage("dev.outpost.run..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.outpost.run..", "java..")
        .check(HOUSE);
    classes()
        .that()
        .resideInAnyPackage("dev.outpost.runner..", "dev.outpost.protocol..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.outpost.runner..",
            "dev.outpost.protocol..",
            "dev.outpost.run..",
            "dev.outpost.schema..",
            "com.fasterxml.jackson..",
            "com.sun.net.httpserver..",
            "org.apache.commons.compress..",
            "java..",
            "javax.net.ssl..")
        .check(HOUSE);
  }

  @Test
  void sharedRoomsKnowNothingOfThoseWhoUseThem() {
    noClasses()
        .that()
        .resideInAnyPackage(ADAPTERS)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.outpost.functions..",
            "dev.outpost.runner..",
            "dev.outpost.machine..",
            "dev.outpost.simulation..",
            "dev.outpost.lambda..",
            "dev.outpost.cli..")
        .check(HOUSE);
  }

  @Test
  void functionsKnowNeitherEachOtherNorThatTheyMayRunOnOneMachine() {
    slices().matching("dev.outpost.functions.(*)..").should().notDependOnEachOther().check(HOUSE);
    noClasses()
        .that()
        .resideInAPackage("dev.outpost.functions..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.outpost.embedded..",
            "dev.outpost.runner..",
            "dev.outpost.machine..",
            "dev.outpost.cli..")
        .check(HOUSE);
  }

  @Test
  void onlyWhoTalksToEcsCarriesItsClient() {
    noClasses()
        .that(
            resideInAPackage("dev.outpost.functions..")
                .and(
                    not(
                        resideInAnyPackage(
                            "dev.outpost.functions.launcher..",
                            "dev.outpost.functions.reconciler.."))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("software.amazon.awssdk.services.ecs..")
        .check(HOUSE);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.outpost.functions.(*)..").should().beFreeOfCycles().check(HOUSE);
    slices()
        .matching("dev.outpost.(dynamodb|ecs|edge|embedded|items|protocol|s3|schema|secrets|sqs)..")
        .should()
        .beFreeOfCycles()
        .check(HOUSE);
  }

  @Test
  void timeIsGivenNotTaken() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.outpost..")
        .and()
        .resideOutsideOfPackage("dev.outpost.runner..")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(HOUSE);
  }

  @Test
  void nothingStaticCanChange() {
    fields()
        .that()
        .areStatic()
        .and()
        .areDeclaredInClassesThat()
        .resideInAPackage("dev.outpost..")
        .should()
        .beFinal()
        .check(HOUSE);
  }

  @Test
  void aNameTellsWhatAThingIs() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .check(HOUSE);
  }
}
