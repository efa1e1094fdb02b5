"""What is to be published when, for everybody: release schedule and Data Prioritas."""
