package dev.outpost.simulation.aws;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;

/**
 * S3's objects in memory, by their keys alone: what is in them is nobody's business. Not safe for
 * use by several threads.
 */
public final class MemoryS3 implements S3Client {
  private final String bucket;
  private final Set<String> keys = new HashSet<>();
  private Consumer<String> removal = _ -> {};

  /** An empty bucket, the only one. */
  public MemoryS3(String bucket) {
    this.bucket = Objects.requireNonNull(bucket, "bucket");
  }

  /** Is told the key of each object whose removal is asked for, whether there is one or not. */
  public void onRemoval(Consumer<String> listener) {
    removal = Objects.requireNonNull(listener, "listener");
  }

  /** Puts an object, by a presigned URL. */
  public void put(String key) {
    keys.add(key);
  }

  /** Whether there is an object of that key. */
  public boolean has(String key) {
    return keys.contains(key);
  }

  /** Answers 204, also when there is no such object. */
  @Override
  public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
    if (!bucket.equals(request.bucket())) {
      throw NoSuchBucketException.builder().message("there is no such bucket").build();
    }
    keys.remove(request.key());
    removal.accept(request.key());
    return DeleteObjectResponse.builder().build();
  }

  @Override
  public String serviceName() {
    return SERVICE_NAME;
  }

  @Override
  public void close() {
    // It holds nothing.
  }
}
